import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from cli.errors import CommandError
from cli.stack_dial import dial_of, with_dial

NAME = "Pulumi.prod.yaml"
HEAD = "# Ours.\nconfig:\n  aws:region: us-east-1   # for what is global\n  antipodes:regions:\n"
TAIL = "  antipodes:originHeaders: {ireland: {x-key: {secure: v1:abc}}} # kept\n\nencryptionsalt: v1:x=\n"


def edited(region: str, dial: int) -> str:
    """What becomes of the lines of the region ireland."""
    text = with_dial(NAME, f"{HEAD}{region}{TAIL}", "ireland", dial)
    assert text.startswith(HEAD)
    assert text.endswith(TAIL)
    return text.removeprefix(HEAD).removesuffix(TAIL)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("    ireland: eu-west-1\n", "    ireland: {region: eu-west-1, dial: 25}\n"),
        ('    "ireland": "eu-west-1"  # home\n', '    "ireland": {region: "eu-west-1", dial: 25}  # home\n'),
        ("    ireland: {region: eu-west-1}\n", "    ireland: {region: eu-west-1, dial: 25}\n"),
        ("    ireland: {dial: 50, region: eu-west-1}\n", "    ireland: {dial: 25, region: eu-west-1}\n"),
        (
            "    ireland: { region: eu-west-1, drained: true }\n",
            "    ireland: { region: eu-west-1, drained: true, dial: 25 }\n",
        ),
        (
            "    ireland:\n      region: eu-west-1 # home\n",
            "    ireland:\n      region: eu-west-1 # home\n      dial: 25\n",
        ),
        (
            "    ireland:\n      # half\n      dial: 50   # for now\n\n      region: eu-west-1\n",
            "    ireland:\n      # half\n      dial: 25   # for now\n\n      region: eu-west-1\n",
        ),
    ],
)
def test_a_dial_is_written_in_the_form_that_the_region_has(before: str, after: str):
    assert edited(before, 25) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("    ireland: eu-west-1\n", "    ireland: eu-west-1\n"),
        ("    ireland: {region: eu-west-1, dial: 25} # home\n", "    ireland: {region: eu-west-1} # home\n"),
        ("    ireland: {dial: 25, region: eu-west-1}\n", "    ireland: {region: eu-west-1}\n"),
        (
            "    ireland:\n      dial: 25 # for now\n      region: eu-west-1\n",
            "    ireland:\n      region: eu-west-1\n",
        ),
        ("    ireland:\n      region: eu-west-1\n      dial: 25\n", "    ireland:\n      region: eu-west-1\n"),
    ],
)
def test_a_whole_dial_has_no_line(before: str, after: str):
    assert edited(before, 100) == after


def test_the_lines_end_as_they_did():
    text = "config:\r\n  antipodes:regions:\r\n    ireland:\r\n      region: eu-west-1"

    assert with_dial(NAME, text, "ireland", 25) == f"{text}\r\n      dial: 25"
    assert with_dial(NAME, with_dial(NAME, f"{text}\r\n", "ireland", 25), "ireland", 100) == f"{text}\r\n"


def test_regions_on_one_line_are_changed_there():
    text = "config: {antipodes:regions: {ireland: eu-west-1, sydney: {region: ap-southeast-2, dial: 5}}}\n"

    assert with_dial(NAME, text, "ireland", 0) == text.replace("eu-west-1", "{region: eu-west-1, dial: 0}")
    assert with_dial(NAME, text, "sydney", 100) == text.replace(", dial: 5", "")


@pytest.mark.parametrize(
    "regions",
    [
        "    tokyo: &a eu-west-1\n    ireland: *a\n",
        "    ireland: &a {region: eu-west-1, dial: 5}\n    tokyo: *a\n",
        "    ireland: >-\n      eu-west-1\n",
    ],
    ids=["an alias", "what an alias repeats", "a folded text"],
)
def test_what_cannot_be_changed_in_its_place_alone_is_left_to_its_author(regions: str):
    with pytest.raises(CommandError, match=r"form that this command does not change.* dial: 25 by hand"):
        edited(regions, 25)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{HEAD}    sydney: a\n    tokyo: b\n", "'ireland' is no region of Pulumi.prod.yaml. .*: sydney, tokyo"),
        ("config: {}\n", "has no regions"),
        ('config:\n  antipodes:regions: \'{"ireland": "eu-west-1"}\'\n', "has no regions"),
        ("config: {\n", "is not YAML"),
    ],
)
def test_a_file_without_the_region_is_refused(text: str, said: str):
    with pytest.raises(CommandError, match=said):
        with_dial(NAME, text, "ireland", 25)


@pytest.mark.parametrize(
    ("region", "dial"),
    [
        ("eu-west-1", 100),
        ("{region: eu-west-1, dial: 25}", 25),
        ("{region: x, drained: true}", 100),
        ("{dial: half}", None),
    ],
)
def test_the_dial_of_a_region_is_read_in_either_form(region: str, dial: int | None):
    assert dial_of(NAME, f"{HEAD}    ireland: {region}\n", "ireland") == dial


comments = st.sampled_from(["", " # half: {x}, y", "   # dial: 7"])
blanks = st.sampled_from(["", "\n", "    # dial: 3\n", "      # a remark, {\n"])
options = st.lists(st.sampled_from(["drained: false", "dial: 50", 'dial: "7"']), unique_by=lambda o: o[:4])


@st.composite
def regions(draw: st.DrawFn, key: str) -> str:
    """The lines of a region, in any of the forms that people write."""
    name = draw(st.sampled_from(["eu-west-1", "'eu-west-1'", '"eu-west-1"']))
    written = draw(st.permutations([f"region: {name}", *draw(options)]))
    inner, comment = draw(st.sampled_from(["", " "])), draw(comments)
    match draw(st.sampled_from(["plain", "flow", "block"])):
        case "plain":
            return f"    {key}: {name}{comment}\n"
        case "flow":
            return f"    {key}: {{{inner}{', '.join(written)}{inner}}}{comment}\n"
        case _:
            return f"    {key}:{comment}\n" + "".join(
                f"{draw(blanks)}      {option}{draw(comments)}\n" for option in written
            )


@settings(max_examples=60)
@given(st.data(), st.integers(0, 100), st.sampled_from(["\n", "\r\n"]))
def test_every_line_but_the_regions_own_stays_and_so_do_all_comments(data: st.DataObject, dial: int, line_break: str):
    before, own, after = (data.draw(regions(key)) for key in ("sydney", "ireland", "tokyo"))
    text = f"{HEAD}{before}{own}{after}{TAIL}".replace("\n", line_break)

    result = with_dial(NAME, text, "ireland", dial)

    head, tail = (part.replace("\n", line_break) for part in (f"{HEAD}{before}", f"{after}{TAIL}"))
    assert result.startswith(head)
    assert result.endswith(tail)
    place = yaml.safe_load(result)["config"]["antipodes:regions"]["ireland"]
    assert (place.get("dial", 100) if isinstance(place, dict) else 100) == dial
    kept = result.removeprefix(head).removesuffix(tail).split(line_break)
    lost = [line for line in own.split("\n") if line not in kept]
    assert len(lost) <= 1  # its own line, where it had one
    if dial != 100:
        assert sum(line.count("#") for line in kept) == own.count("#")

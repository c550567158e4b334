"""The pack's own process: what it tells the engine of itself, and that it judges as the tests in this process do."""

import re
import tomllib
from collections.abc import Iterator

import pytest
import yaml
from pulumi.runtime.proto import analyzer_pb2 as messages

from policy.rules import GROUPS, POLICIES, shared
from tests.policy.catalogue import BREAKING, HARMLESS, Edit
from tests.policy.judge import judge
from tests.policy.pack import PACK, Analyzer, running_analyzer
from tests.policy.recorded import SETTINGS, recording


@pytest.fixture(scope="module")
def analyzer() -> Iterator[Analyzer]:
    with running_analyzer() as started:
        yield started


def test_every_rule_is_named_after_its_group_and_its_file() -> None:
    files = [path for group in GROUPS for path in (PACK / "rules" / group).glob("[a-z]*.py")]

    assert sorted(policy.name for policy in POLICIES) == sorted(
        f"{path.parent.name}-{path.stem}".replace("_", "-") for path in files
    )


def test_the_map_of_what_the_rules_share_has_every_file() -> None:
    files = (PACK / "rules" / "shared").glob("[a-z]*.py")

    assert sorted(re.findall(r"^- `(\w+)`:", shared.__doc__ or "", re.MULTILINE)) == sorted(path.stem for path in files)


def test_the_engine_is_told_all_about_each_rule(analyzer: Analyzer) -> None:
    info = analyzer.info()

    assert info.name == "antipodes"
    assert [told.name for told in info.policies] == [policy.name for policy in POLICIES]
    for told in info.policies:
        assert told.enforcementLevel in (messages.MANDATORY, messages.ADVISORY, messages.DISABLED), told.name
        assert told.severity != messages.POLICY_SEVERITY_UNSPECIFIED, told.name
        assert told.displayName, told.name
        assert told.remediation_steps, told.name
        assert re.match(r"https://(docs\.aws\.amazon\.com|www\.rfc-editor\.org|[a-z.-]+)/\S+$", told.url), told.name


def test_every_setting_of_a_rule_is_described(analyzer: Analyzer) -> None:
    for told in analyzer.info().policies:
        settings = dict(told.configSchema.properties)
        assert "exempt" in settings, told.name
        for key, schema in settings.items():
            assert schema["type"], f"{told.name}: {key}"
            assert schema["description"], f"{told.name}: {key}"


def test_the_manifest_names_a_python_that_is_found_from_the_packs_folder_and_the_project_s_version() -> None:
    manifest = yaml.safe_load((PACK / "PulumiPolicy.yaml").read_text())
    project = tomllib.loads((PACK.parent / "pyproject.toml").read_text())["project"]

    assert manifest["runtime"] == {"name": "python", "options": {"virtualenv": "../.venv"}}
    assert manifest["description"]
    assert manifest["version"] == project["version"]


# One edit of each group.
SAMPLES = [
    next(edit for edit in edits if edit.group == group)
    for edits, groups in ((BREAKING, GROUPS[::2]), (HARMLESS, GROUPS[1::2]))
    for group in groups
    if any(edit.group == group for edit in edits)
]


@pytest.mark.parametrize("name", ["ours-1", "vpc_function"])
def test_the_process_says_of_a_recording_what_is_found_here(analyzer: Analyzer, name: str) -> None:
    deployment, settings = recording(name), SETTINGS.get(name)

    assert sorted(map(repr, analyzer.judge(deployment, settings))) == sorted(map(repr, judge(deployment, settings)))


@pytest.mark.parametrize("edit", SAMPLES, ids=[f"{edit.group}: {edit.sentence}" for edit in SAMPLES])
def test_the_process_says_of_an_edit_what_is_found_here(analyzer: Analyzer, edit: Edit) -> None:
    name, after = next(edit.applied())
    settings = {**SETTINGS.get(name, {}), **edit.settings}

    assert sorted(map(repr, analyzer.judge(after, settings))) == sorted(map(repr, judge(after, settings)))

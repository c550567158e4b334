from collections import Counter
from collections.abc import Callable, Sequence
from zlib import crc32

import pytest
from choice import choose, takes
from hypothesis import given
from hypothesis import strategies as st
from table import Table

KEYS = ("ireland", "sydney", "tokyo", "oregon")
VIEWER = "203.0.113.178"

Choice = tuple[str, str]


def table(
    keys: Sequence[str] = KEYS,
    *,
    dials: dict[str, int] | None = None,
    writes: str | None = None,
    nearest: Sequence[str] = (),
) -> Table:
    regions = {key: {"host": f"{key}-appsync.example.com", "region": "-"} for key in keys}
    for key, dial in (dials or {}).items():
        regions[key] |= {"dial": dial}  # type: ignore[dict-item]
    routes = {"record": "latency-routing.example.com", "regions": regions, "nearest": {"here": nearest}}
    return Table(routes | ({"writes": writes} if writes else {}), "here")


def saying(answer: Choice | None) -> Callable[[], Choice | None]:
    return lambda: answer


def unasked() -> Choice | None:
    raise AssertionError("DNS was asked, and its answer changes nothing")


def chosen(
    table: Table,
    named: Choice | None = ("sydney", "dns"),
    *,
    is_write: bool = False,
    homes: Sequence[str] = (),
    viewer: str = VIEWER,
    alive: Callable[[str, bool], bool] | None = None,
) -> Choice | None:
    return choose(table, is_write=is_write, homes=homes, named=saying(named), viewer=viewer, alive=alive)


def but(*dead: str) -> Callable[[str, bool], bool]:
    """All regions are alive but these; only those are asked for that DNS does not name."""
    return lambda key, _: key not in dead


def unasked_for(key: str, _: bool) -> bool:  # noqa: FBT001 - as `choose` calls it
    raise AssertionError(f"it is asked whether {key} is alive, and that changes nothing")


@pytest.mark.parametrize("reason", ["dns", "location", "stale"])
def test_a_request_goes_to_the_region_that_dns_names(reason: str):
    assert chosen(table(nearest=["tokyo"]), ("sydney", reason)) == ("sydney", reason)


def test_a_write_goes_to_the_region_that_takes_writes_whatever_else_is_said():
    routes = table(writes="tokyo", dials={"tokyo": 0}, nearest=["ireland"])

    got = choose(routes, is_write=True, homes=["sydney"], named=unasked, viewer=VIEWER)

    assert got == ("tokyo", "write")


def test_a_read_stays_near_where_writes_do_not():
    assert chosen(table(writes="tokyo")) == ("sydney", "dns")


def test_a_write_stays_near_where_every_region_takes_writes():
    assert chosen(table(), is_write=True) == ("sydney", "dns")


def test_a_viewers_home_comes_before_dns_which_is_then_not_asked():
    got = choose(table(), is_write=False, homes=["ireland"], named=unasked, viewer=VIEWER)

    assert got == ("ireland", "sticky")


def test_of_several_homes_the_first_that_is_a_region_counts():
    assert chosen(table(), homes=["atlantis", "", "tokyo", "ireland"]) == ("tokyo", "sticky")


@pytest.mark.parametrize("home", ["atlantis", "", "IRELAND", "ireland-appsync.example.com", '"ireland"', "ireland\r\n"])
def test_a_home_that_is_no_region_is_nothing(home: str):
    assert chosen(table(), homes=[home]) == ("sydney", "dns")


@pytest.mark.parametrize("named", [None, ("atlantis", "dns"), ("atlantis", "stale")])
def test_where_dns_names_no_region_it_is_the_nearest(named: Choice | None):
    assert chosen(table(nearest=["tokyo", "sydney"]), named) == ("tokyo", "nearest")


def test_where_nothing_is_known_it_is_the_first_region():
    assert chosen(table(), None) == ("ireland", "any")


def test_where_there_is_no_region_there_is_no_choice():
    assert chosen(table(()), None, is_write=True, homes=["ireland"]) is None


@pytest.mark.parametrize(
    ("named", "homes"), [(("sydney", "dns"), ()), (("sydney", "stale"), ()), (("ireland", "dns"), ("sydney",))]
)
def test_a_viewer_whom_the_region_does_not_take_goes_to_the_nearest_that_does(named: Choice, homes: Sequence[str]):
    routes = table(dials={"sydney": 0, "tokyo": 0}, nearest=["sydney", "tokyo", "oregon", "ireland"])

    assert chosen(routes, named, homes=homes) == ("oregon", "dial")


def test_the_nearest_that_takes_a_viewer_may_be_nearer_than_the_one_that_dns_named():
    routes = table(dials={"sydney": 0}, nearest=["tokyo", "sydney", "oregon"])

    assert chosen(routes) == ("tokyo", "dial")


def test_the_nearest_too_may_not_take_a_viewer():
    routes = table(dials={"tokyo": 0}, nearest=["tokyo", "oregon"])

    assert chosen(routes, None) == ("oregon", "dial")


def test_without_distances_the_others_are_asked_in_the_tables_order():
    assert chosen(table(dials={"sydney": 0, "ireland": 0})) == ("tokyo", "dial")


def test_a_viewer_whom_no_region_takes_goes_where_it_would_have_gone():
    assert chosen(table(dials=dict.fromkeys(KEYS, 0), nearest=["tokyo"])) == ("sydney", "dns")


def test_a_viewer_whom_the_region_takes_stays():
    assert chosen(table(dials={"sydney": 100, "tokyo": 0})) == ("sydney", "dns")


def test_a_viewer_whose_home_is_dead_goes_where_dns_says():
    assert chosen(table(), homes=["ireland"], alive=but()) == ("ireland", "sticky")
    assert chosen(table(), homes=["ireland"], alive=but("ireland")) == ("sydney", "dns")


def test_a_viewer_whose_home_is_dead_and_with_dns_silent_goes_to_the_nearest():
    assert chosen(table(nearest=["tokyo"]), None, homes=["ireland"], alive=but("ireland")) == ("tokyo", "nearest")


def test_only_the_first_home_is_asked_for():
    asked: list[str] = []

    def alive(key: str, _: bool) -> bool:  # noqa: FBT001 - as `choose` calls it
        asked.append(key)
        return False

    assert chosen(table(), homes=["moon", "ireland", "tokyo"], alive=alive) == ("sydney", "dns")
    assert asked == ["ireland"]


def test_a_home_that_dns_names_is_alive_without_asking():
    assert chosen(table(), homes=["sydney"], alive=unasked_for) == ("sydney", "sticky")


@pytest.mark.parametrize(
    ("named", "may_ask"),
    [(("sydney", "dns"), True), (("sydney", "location"), True), (("sydney", "stale"), False), (None, False)],
)
def test_dns_is_asked_for_a_home_only_where_it_has_just_answered(named: Choice | None, may_ask: bool):  # noqa: FBT001
    asked: list[tuple[str, bool]] = []

    def alive(key: str, may: bool) -> bool:  # noqa: FBT001 - as `choose` calls it
        asked.append((key, may))
        return True

    assert chosen(table(), named, homes=["ireland"], alive=alive) == ("ireland", "sticky")
    assert asked == [("ireland", may_ask)]


def test_of_the_regions_that_would_take_a_turned_down_viewer_the_nearest_that_is_alive_does():
    routes = table(dials={"sydney": 0, "tokyo": 0}, nearest=["tokyo", "oregon", "ireland"])

    assert chosen(routes, alive=but()) == ("oregon", "dial")
    assert chosen(routes, alive=but("oregon")) == ("ireland", "dial")


def test_where_all_others_are_dead_a_dial_turns_nobody_away():
    assert chosen(table(dials={"sydney": 0}), alive=but("ireland", "tokyo", "oregon")) == ("sydney", "dns")


def test_a_request_that_goes_where_dns_says_asks_for_no_region():
    assert chosen(table(dials={"sydney": 100}), alive=unasked_for) == ("sydney", "dns")
    assert chosen(table(), homes=["moon"], alive=unasked_for) == ("sydney", "dns")


def test_a_write_goes_to_its_region_dead_or_alive():
    assert chosen(table(writes="tokyo"), is_write=True, alive=unasked_for) == ("tokyo", "write")


@pytest.mark.parametrize(("dial", "takes_it"), [(0, False), (60, False), (61, True), (100, True)])
def test_a_dial_takes_the_viewers_whose_checksum_is_below_it(dial: int, takes_it: bool):  # noqa: FBT001 - the expectation
    assert crc32(b"sydney 203.0.113.178") % 100 == 60

    assert takes(table(dials={"sydney": dial}), "sydney", VIEWER) is takes_it


def addresses(count: int) -> list[str]:
    return [f"198.51.{number >> 8}.{number & 255}" for number in range(count)]


@pytest.mark.parametrize("dial", [0, 1, 10, 40, 50, 90, 99, 100])
def test_a_dial_takes_its_share_of_the_viewers(dial: int):
    routes = table(dials={"sydney": dial})
    share = Counter(takes(routes, "sydney", address) for address in addresses(10_000))[True]

    assert abs(share - 100 * dial) <= 300
    assert share == 100 * dial or dial not in (0, 100)


def test_two_regions_at_half_do_not_take_the_same_half():
    routes = table(dials={"sydney": 50, "tokyo": 50})
    both = sum(takes(routes, "sydney", viewer) and takes(routes, "tokyo", viewer) for viewer in addresses(10_000))

    assert abs(both - 2500) <= 300


ips = st.ip_addresses().map(str)


@given(viewer=ips, smaller=st.integers(0, 100), larger=st.integers(0, 100))
def test_turning_a_dial_up_takes_no_viewer_away(viewer: str, smaller: int, larger: int):
    smaller, larger = sorted((smaller, larger))

    before, after = (takes(table(dials={"sydney": dial}), "sydney", viewer) for dial in (smaller, larger))

    assert after or not before


@st.composite
def tables(draw: st.DrawFn) -> Table:
    keys = draw(st.lists(st.sampled_from(KEYS), unique=True))
    return table(
        keys,
        dials=draw(st.dictionaries(st.sampled_from(keys), st.integers(0, 100))) if keys else None,
        writes=draw(st.sampled_from([None, *KEYS])),
        nearest=draw(st.lists(st.sampled_from(KEYS), unique=True)),
    )


names = st.sampled_from([*KEYS, "atlantis"]) | st.text()
answers = st.none() | st.tuples(names, st.sampled_from(["dns", "location", "stale"]))


@given(routes=tables(), named=answers, homes=st.lists(names, max_size=3), is_write=st.booleans(), viewer=ips)
def test_a_choice_is_always_a_region_of_the_table_and_always_the_same(
    routes: Table,
    named: Choice | None,
    homes: list[str],
    is_write: bool,  # noqa: FBT001 - drawn
    viewer: str,
):
    first, again = (chosen(routes, named, is_write=is_write, homes=homes, viewer=viewer) for _ in range(2))

    assert first == again
    assert (first is None) == (not routes.hosts)
    assert first is None or first[0] in routes.hosts


@given(routes=tables(), named=answers, homes=st.lists(names, max_size=3), is_write=st.booleans(), viewer=ips)
def test_each_reason_is_true_and_none_before_it_applied(
    routes: Table,
    named: Choice | None,
    homes: list[str],
    is_write: bool,  # noqa: FBT001 - drawn
    viewer: str,
):
    got = chosen(routes, named, is_write=is_write, homes=homes, viewer=viewer)
    if got is None:
        return
    key, reason = got
    applies = {
        "write": is_write and routes.writes is not None,
        "sticky": any(home in routes.hosts for home in homes),
        "dns": named is not None and named[0] in routes.hosts,
        "nearest": True,
    }
    first = next(name for name, holds in applies.items() if holds)
    wanted = {
        "write": (routes.writes, "write"),
        "sticky": (next((home for home in homes if home in routes.hosts), None), "sticky"),
        "dns": named,
        "nearest": routes.fallback,
    }[first]

    if reason == "dial":
        assert wanted is not None
        assert first != "write"
        assert not takes(routes, str(wanted[0]), viewer)
        assert key == next(other for other in routes.order if takes(routes, other, viewer))
    else:
        assert got == wanted
        assert first == "write" or takes(routes, key, viewer) or not any(takes(routes, k, viewer) for k in routes.hosts)


lives = st.sets(st.sampled_from(KEYS))


@given(routes=tables(), named=answers, homes=st.lists(names, max_size=3), viewer=ips, dead=lives)
def test_a_dead_region_is_chosen_only_where_dns_names_it_or_nothing_better_is_known(
    routes: Table, named: Choice | None, homes: list[str], viewer: str, dead: set[str]
):
    got = chosen(routes, named, homes=homes, viewer=viewer, alive=but(*dead))

    if got is not None and got[0] in dead and (named is None or got[0] != named[0]):
        assert got == routes.fallback


@given(routes=tables(), named=answers, homes=st.lists(names, max_size=3), is_write=st.booleans(), viewer=ips)
def test_while_all_regions_are_alive_a_choice_is_as_where_nobody_tells(
    routes: Table,
    named: Choice | None,
    homes: list[str],
    is_write: bool,  # noqa: FBT001 - drawn
    viewer: str,
):
    both = [chosen(routes, named, is_write=is_write, homes=homes, viewer=viewer, alive=each) for each in (None, but())]

    assert both[0] == both[1]

import json
from typing import Any

import log
import pytest
from origin import Origin
from resolver import Answer
from stopwatch import Stopwatch
from subnet import encode_subnet

from sandbox.cloudfront.rules import violations
from tests.edge.events import custom_headers, origin_request, packed
from tests.edge.routers import HOSTS, ROUTES, Here, Lives, Said, There, router

PATH = "/.well-known/antipodes"
LONDON = {"x_antipodes_edge_location": "LHR", "x_antipodes_edge_address": "198.18.3.1"}
FRESH = Answer("sydney")
OLD = Answer("sydney", stale=True)
NEAR = Answer("tokyo", scope=24)
NEAR_AND_OLD = Answer("tokyo", scope=24, stale=True)


@pytest.fixture(autouse=True)
def _new_log(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(log, "_next", {})


def went(answer: dict[str, Any]) -> tuple[str, str]:
    """Key and reason."""
    key, _, reason = answer["headers"]["x-antipodes-route"][0]["value"].partition("; reason=")
    assert answer["origin"]["custom"]["domainName"] == answer["headers"]["host"][0]["value"] == HOSTS[key]
    return key, reason


def told(answer: dict[str, Any]) -> dict[str, Any]:
    assert answer["status"] == "200"
    content: dict[str, Any] = json.loads(answer["body"])
    return content


@pytest.mark.parametrize(
    ("said", "choice"),
    [(FRESH, ("sydney", "dns")), (OLD, ("sydney", "stale")), (None, ("ireland", "nearest"))],
    ids=["fresh", "stale", "nothing"],
)
def test_a_request_goes_by_what_dns_says_here(said: Said, choice: tuple[str, str]):
    assert went(router(here=Here(said)).answer(origin_request())) == choice


def test_where_distances_are_unknown_it_goes_to_the_first_region():
    assert went(router(region="mars-north-1").answer(origin_request())) == ("ireland", "any")


def test_one_router_sends_requests_to_several_regions_each_with_its_own_reason():
    here = Here(FRESH)
    one = router(here=here)

    choices = []
    for said in (FRESH, OLD, Answer("tokyo"), None, FRESH):
        here.said = said
        choices.append(went(one.answer(origin_request())))

    assert choices == [
        ("sydney", "dns"),
        ("sydney", "stale"),
        ("tokyo", "dns"),
        ("ireland", "nearest"),
        ("sydney", "dns"),
    ]


def test_what_all_requests_of_a_choice_have_in_common_is_made_once(monkeypatch: pytest.MonkeyPatch):
    made: list[tuple[str, tuple[str, str]]] = []

    class Counted(Origin):
        def __init__(self, host: str, choice: tuple[str, str]) -> None:
            made.append((host, choice))
            super().__init__(host, choice)

    monkeypatch.setattr("router.Origin", Counted)
    here = Here(FRESH)
    one = router(here=here)
    for said in (FRESH, FRESH, OLD, FRESH, OLD):
        here.said = said
        one.answer(origin_request())

    assert made == [(HOSTS["sydney"], ("sydney", "dns")), (HOSTS["sydney"], ("sydney", "stale"))]


def test_a_write_is_pinned_and_needs_no_dns():
    here = Here(FRESH)
    one = router({"writes": "tokyo"}, here)

    assert went(one.answer(origin_request("POST"))) == ("tokyo", "write")
    assert here.asked == 0
    assert went(one.answer(origin_request("GET"))) == ("sydney", "dns")
    assert went(one.answer(origin_request("POST", x_antipodes_operation="read"))) == ("sydney", "dns")


@pytest.mark.parametrize(
    ("sticky", "choice"),
    [("cookie", ("tokyo", "sticky")), ("header", ("ireland", "sticky")), (None, ("sydney", "dns"))],
)
def test_a_viewer_keeps_to_its_home_where_the_stack_says_how_it_is_named(sticky: str | None, choice: tuple[str, str]):
    named = origin_request(cookie="a=b; antipodes-region=tokyo", x_antipodes_region="ireland")

    answer = router({"sticky": sticky}, Here(FRESH)).answer(named)

    assert went(answer) == choice
    assert violations(answer, named["Records"][0]["cf"]["request"]) == []


def test_a_viewer_whom_a_region_does_not_take_goes_elsewhere():
    regions = ROUTES["regions"] | {"sydney": ROUTES["regions"]["sydney"] | {"dial": 60}}
    one = router({"regions": regions}, Here(FRESH))
    event = origin_request()

    assert went(one.answer(event)) == ("ireland", "dial")
    event["Records"][0]["cf"]["request"]["clientIp"] = "203.0.113.1"
    assert went(one.answer(event)) == ("sydney", "dns")


def test_where_every_region_takes_all_viewers_nobody_asks_who_they_are():
    event = origin_request()
    del event["Records"][0]["cf"]["request"]["clientIp"]

    assert went(router(here=Here(FRESH)).answer(event)) == ("sydney", "dns")


@pytest.mark.parametrize(
    ("there", "here", "choice", "asked_here"),
    [
        (NEAR, FRESH, ("tokyo", "location"), 0),
        (Answer("tokyo", scope=0), FRESH, ("tokyo", "dns"), 0),
        (None, FRESH, ("sydney", "dns"), 1),
        (RuntimeError("a defect"), FRESH, ("sydney", "dns"), 1),
        (NEAR_AND_OLD, FRESH, ("sydney", "dns"), 1),
        (NEAR_AND_OLD, RuntimeError("a defect"), ("tokyo", "stale"), 1),
        (NEAR_AND_OLD, OLD, ("tokyo", "stale"), 1),
        (NEAR_AND_OLD, None, ("tokyo", "stale"), 1),
        (None, OLD, ("sydney", "stale"), 1),
        (None, None, ("ireland", "nearest"), 1),
    ],
)
def test_a_request_goes_by_what_dns_says_for_the_viewers_place_if_that_is_fresh(
    there: Said, here: Said, choice: tuple[str, str], asked_here: int
):
    plain, places = Here(here), There(there)

    assert went(router(here=plain, there=places).answer(origin_request(**LONDON))) == choice
    assert places.asked == [("LHR", encode_subnet("198.18.3.1"))]
    assert plain.asked == asked_here


def test_a_request_of_unknown_place_goes_by_what_dns_says_here():
    places = There(NEAR)

    assert went(router(here=Here(FRESH), there=places).answer(origin_request())) == ("sydney", "dns")
    assert places.asked == []


@pytest.mark.parametrize("there", [There(NEAR), None], ids=["by location", "by region"])
def test_the_place_is_for_the_router_alone(there: There | None):
    asked = origin_request(**LONDON)

    sent = router(here=Here(FRESH), there=there).answer(asked)

    assert not {name for name in sent["headers"] if name.startswith("x-antipodes-edge-")}
    assert violations(sent, asked["Records"][0]["cf"]["request"]) == []


@pytest.mark.parametrize("there", [None, There(RuntimeError("Bearer secret"))], ids=["here", "there"])
def test_a_defect_in_what_asks_dns_loses_no_request_and_is_told(
    there: There | None, capsys: pytest.CaptureFixture[str]
):
    one = router(here=Here(RuntimeError("Bearer secret")), there=there)

    assert [went(one.answer(origin_request(**LONDON))) for _ in range(3)] == [("ireland", "nearest")] * 3
    [line] = capsys.readouterr().out.splitlines()
    assert json.loads(line).items() >= {"antipodes": "router", "event": "defect", "error": "RuntimeError"}.items()
    assert "secret" not in line


def test_regions_get_the_headers_of_their_own():
    keys = {"ireland": {"x-api-key": "of-ireland"}, "sydney": {"x-api-key": "of-sydney"}}
    event = origin_request(x_api_key="of-the-viewer")
    event["Records"][0]["cf"]["request"]["origin"]["custom"]["customHeaders"] = custom_headers(packed(keys))
    here = Here(FRESH)
    one = router(here=here)

    got = []
    for said in (FRESH, None, Answer("tokyo")):
        here.said = said
        got.append(one.answer(event)["headers"]["x-api-key"][0]["value"])

    assert got == ["of-sydney", "of-ireland", "of-the-viewer"]


def test_without_any_region_the_viewer_is_told_to_retry():
    answer = router({"regions": {}}, Here(FRESH)).answer(origin_request())

    assert answer["status"] == "503"
    assert answer["headers"]["retry-after"] == [{"key": "Retry-After", "value": "5"}]


def test_what_is_no_origin_request_is_a_mistake_of_whoever_deployed():
    event = origin_request()
    event["Records"][0]["cf"]["config"]["eventType"] = "viewer-request"

    assert router(here=Here(FRESH)).answer(event)["status"] == "502"


class Ago(Stopwatch):
    """Was started so many seconds ago, and stands still."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds

    def elapsed(self) -> float:
        return self._seconds


def test_a_viewer_may_ask_which_region_it_gets():
    assert told(router(here=Here(Answer("sydney", since=Ago(12.3)))).answer(origin_request("GET", PATH))) == {
        "region": "sydney",
        "reason": "dns",
        "age": 12.3,
        "edgeRegion": "eu-west-2",
        "edgeLocation": None,
    }


def test_where_the_place_does_not_matter_a_viewer_is_not_told_the_one_that_it_claims():
    assert told(router(here=Here(FRESH)).answer(origin_request("GET", PATH, **LONDON)))["edgeLocation"] is None


def test_a_viewer_of_known_place_is_told_that_too():
    one = router(here=Here(Answer("sydney", since=Ago(50))), there=There(Answer("tokyo", scope=24, since=Ago(3))))

    assert told(one.answer(origin_request("HEAD", PATH, **LONDON))) == {
        "region": "tokyo",
        "reason": "location",
        "age": 3.0,
        "edgeRegion": "eu-west-2",
        "edgeLocation": "LHR",
    }


@pytest.mark.parametrize(
    ("there", "here", "age"),
    [
        (None, Answer("sydney", since=Ago(50)), 50),
        (Answer("tokyo", scope=24, stale=True, since=Ago(900)), Answer("sydney", since=Ago(50)), 50),
        (Answer("tokyo", scope=24, stale=True, since=Ago(900)), Answer("sydney", stale=True, since=Ago(800)), 900),
        (None, None, None),
    ],
    ids=["none for the place", "an old one for the place", "old ones", "none"],
)
def test_the_age_is_that_of_the_answer_that_decided(there: Said, here: Said, age: float | None):
    one = router(here=Here(here), there=There(there))

    assert told(one.answer(origin_request("GET", PATH, **LONDON)))["age"] == age


def test_where_dns_did_not_decide_there_is_no_age():
    one = router({"sticky": "header"}, Here(Answer("sydney", since=Ago(50))))

    got = told(one.answer(origin_request("GET", PATH, x_antipodes_region="tokyo")))

    assert (got["reason"], got["age"]) == ("sticky", None)


def test_a_place_that_is_none_is_not_echoed():
    got = told(
        router(here=Here(FRESH), there=There(NEAR)).answer(
            origin_request("GET", PATH, x_antipodes_edge_location="<b>", x_antipodes_edge_address="198.18.3.1")
        )
    )

    assert (got["reason"], got["edgeLocation"]) == ("dns", None)


def test_what_a_viewer_is_told_is_what_its_reads_get():
    one = router({"sticky": "cookie", "writes": "tokyo"}, Here(FRESH))

    got = told(one.answer(origin_request("GET", PATH, cookie="antipodes-region=ireland")))

    assert (got["region"], got["reason"]) == ("ireland", "sticky")


def test_without_diagnostics_their_path_is_the_apis():
    assert went(router({"diagnostics": False}, Here(FRESH)).answer(origin_request("GET", PATH))) == ("sydney", "dns")


def test_where_there_is_no_region_there_is_none_to_tell_of():
    assert router({"regions": {}}).answer(origin_request("GET", PATH))["status"] == "503"


AT_HOME = {"x_antipodes_region": "tokyo"}


def test_a_viewer_leaves_its_home_while_that_is_dead():
    lives = Lives("tokyo")
    one = router({"sticky": "header"}, Here(FRESH), lives=lives)

    assert went(one.answer(origin_request(**AT_HOME))) == ("sydney", "dns")
    lives.dead = ()
    assert went(one.answer(origin_request(**AT_HOME))) == ("tokyo", "sticky")


@pytest.mark.parametrize(("said", "may_ask"), [(FRESH, True), (OLD, False), (None, False)])
def test_dns_that_has_not_answered_for_a_request_is_not_asked_again_for_it(said: Said, may_ask: bool):  # noqa: FBT001
    lives = Lives()

    assert went(router({"sticky": "header"}, Here(said), lives=lives).answer(origin_request(**AT_HOME)))[0] == "tokyo"
    assert lives.asked == [("tokyo", may_ask)]


def test_a_home_of_which_finding_out_fails_unforeseen_is_alive(capsys: pytest.CaptureFixture[str]):
    lives = Lives(fails=RuntimeError("of a viewer's secret"))

    answer = router({"sticky": "header"}, Here(FRESH), lives=lives).answer(origin_request(**AT_HOME))

    assert went(answer) == ("tokyo", "sticky")
    line = capsys.readouterr().out
    assert '"event": "defect"' in line
    assert "secret" not in line


def test_dns_said_nothing_that_decides_for_a_viewer_at_home():
    answer = router({"sticky": "header"}, Here(FRESH), lives=Lives()).answer(origin_request("GET", PATH, **AT_HOME))

    assert told(answer) == told(answer) | {"region": "tokyo", "reason": "sticky", "age": None}

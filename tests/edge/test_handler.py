import json
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import log
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.edge.events import custom_headers, origin_request, packed
from tests.edge.name_server import NameServer, by_label, by_place, by_type, cname, code, records, serving, silence
from tests.edge.package import ROUTER, cold_start, deploy
from tests.timing import by_the_clock

ROUTES: dict[str, Any] = {
    "record": "latency-routing.example.com",
    "regions": {
        "ireland": {"host": "ireland-appsync.example.com", "region": "eu-west-1"},
        "sydney": {"host": "sydney-appsync.example.com", "region": "ap-southeast-2"},
    },
}
HOSTS = {"ireland-appsync.example.com", "sydney-appsync.example.com"}
# What a cold start may import beyond what the runtime client has imported before it.
LIGHT = {"_socket", "binascii"}

Handler = Callable[[Any, Any], dict[str, Any]]


def start(folder: Path) -> Handler:
    handler: Handler = cold_start(folder).handler
    return handler


@pytest.fixture(autouse=True)
def _new_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "_next", {})


@pytest.fixture
def dns(monkeypatch: pytest.MonkeyPatch) -> Iterator[NameServer]:
    with serving(cname("sydney.")) as server:
        monkeypatch.setenv("ANTIPODES_RESOLVER", f"127.0.0.1:{server.port}")
        yield server


@pytest.fixture
def handler(dns: NameServer, tmp_path: Path) -> Handler:
    return start(deploy(tmp_path, ROUTES))


def origin_of(answer: dict[str, Any]) -> str:
    host: str = answer["origin"]["custom"]["domainName"]
    assert answer["headers"]["host"] == [{"key": "Host", "value": host}]
    return host


def test_a_request_goes_to_the_region_that_dns_names(handler: Handler):
    assert origin_of(handler(origin_request(), None)) == "sydney-appsync.example.com"


def test_warm_requests_ask_dns_no_more(handler: Handler, dns: NameServer):
    for _ in range(50):
        handler(origin_request(), None)

    assert dns.asked == {"udp": 1, "tcp": 0}


def test_importing_the_router_asks_dns_nothing(handler: Handler, dns: NameServer):
    assert dns.asked == {"udp": 0, "tcp": 0}


@pytest.mark.parametrize(
    "fault",
    [silence, code("SERVFAIL"), code("NXDOMAIN"), code("NOERROR"), cname("tokyo."), cname("evil.example.org.")],
    ids=["silence", "SERVFAIL", "NXDOMAIN", "no answer", "unknown key", "another domain"],
)
def test_whatever_dns_does_a_request_reaches_a_live_region(handler: Handler, dns: NameServer, fault: Any):
    dns.udp = fault

    assert origin_of(handler(origin_request(), None)) == "ireland-appsync.example.com"


@pytest.mark.parametrize("target", ["SYDNEY.", "Sydney."])
def test_the_case_of_a_dns_answer_does_not_matter(handler: Handler, dns: NameServer, target: str):
    dns.udp = cname(target)

    assert origin_of(handler(origin_request(), None)) == "sydney-appsync.example.com"


def test_a_third_region_is_one_more_line_of_the_table(dns: NameServer, tmp_path: Path):
    regions = ROUTES["regions"] | {"tokyo": {"host": "tokyo-appsync.example.com", "region": "ap-northeast-1"}}
    dns.udp = cname("tokyo.")

    handler = start(deploy(tmp_path, ROUTES | {"regions": regions}))

    assert origin_of(handler(origin_request(), None)) == "tokyo-appsync.example.com"


@pytest.mark.parametrize(("says", "goes_to"), [("unhealthy.invalid.", "sydney"), ("ireland.", "ireland")])
def test_a_viewer_stays_in_its_home_region_while_dns_says_that_it_is_healthy(
    dns: NameServer, tmp_path: Path, says: str, goes_to: str
):
    name = "ireland.latency-routing.example.com"
    regions = ROUTES["regions"] | {"ireland": ROUTES["regions"]["ireland"] | {"alive": name}}
    dns.udp = by_label(ireland=cname(says), **{"latency-routing": cname("sydney.")})
    handler = start(deploy(tmp_path, ROUTES | {"regions": regions, "sticky": "header"}))

    for _ in range(2):
        assert (
            origin_of(handler(origin_request(x_antipodes_region="ireland"), None)) == f"{goes_to}-appsync.example.com"
        )
    assert dns.asked == {"udp": 2, "tcp": 0}


def test_without_any_region_the_viewer_is_told_to_retry(dns: NameServer, tmp_path: Path):
    handler = start(deploy(tmp_path, ROUTES | {"regions": {}}))

    answer = handler(origin_request(), None)

    assert answer["status"] == "503"
    assert "retry-after" in answer["headers"]


def test_a_misplaced_router_answers_itself_and_forwards_nothing(handler: Handler):
    assert handler({"Records": [{"cf": {"request": {"uri": "/", "headers": {}}}}]}, None)["status"] == "502"


class Trap(dict[str, Any]):
    """An event that no JSON can be: stands for a defect of the router's own."""

    def __getitem__(self, key: str) -> Any:
        raise RuntimeError(key)


def test_a_defect_is_a_503_and_a_line_in_the_log(handler: Handler, capsys: pytest.CaptureFixture[str]):
    assert handler(Trap(), None)["status"] == "503"
    assert json.loads(capsys.readouterr().out).items() >= {"event": "defect", "error": "RuntimeError"}.items()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
PLACES = [
    (),
    ("Records",),
    ("Records", 0),
    ("Records", 0, "cf"),
    ("Records", 0, "cf", "request"),
    ("Records", 0, "cf", "request", "headers"),
    ("Records", 0, "cf", "request", "headers", "host"),
    ("Records", 0, "cf", "request", "origin"),
    ("Records", 0, "cf", "request", "origin", "custom"),
    ("Records", 0, "cf", "request", "origin", "custom", "domainName"),
    ("Records", 0, "cf", "request", "querystring"),
]


@pytest.fixture(scope="module")
def lasting_handler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Handler]:
    with serving(cname("sydney.")) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANTIPODES_RESOLVER", f"127.0.0.1:{server.port}")
        yield start(deploy(tmp_path_factory.mktemp("router"), ROUTES))


@given(place=st.sampled_from(PLACES), value=json_values)
def test_no_event_makes_it_raise_or_send_a_request_outside_the_table(
    lasting_handler: Handler, place: tuple[str | int, ...], value: Any
):
    event: Any = {"event": origin_request()}
    inner: Any = event
    for step in ("event", *place)[:-1]:
        inner = inner[step]
    inner[("event", *place)[-1]] = value

    answer = lasting_handler(event["event"], None)

    assert answer["status"] in {"502", "503"} if "status" in answer else origin_of(answer) in HOSTS


def test_where_dns_is_dead_it_is_the_region_nearest_to_the_regional_edge_cache(
    dns: NameServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    dns.udp = code("SERVFAIL")
    monkeypatch.setenv("AWS_REGION", "ap-south-1")

    handler = start(deploy(tmp_path, ROUTES | {"nearest": {"ap-south-1": ["sydney", "ireland"]}}))

    answer = handler(origin_request(), None)
    assert origin_of(answer) == "sydney-appsync.example.com"
    assert answer["headers"]["x-antipodes-route"][0]["value"] == "sydney; reason=nearest"


def test_a_failed_lookup_is_a_line_in_the_log(handler: Handler, dns: NameServer, capsys: pytest.CaptureFixture[str]):
    dns.udp = code("SERVFAIL")
    for _ in range(10):
        handler(origin_request(), None)

    [line] = capsys.readouterr().out.splitlines()
    assert json.loads(line).items() >= {"antipodes": "router", "event": "lookup-failed", "last": None}.items()


def test_secret_headers_that_cannot_be_read_are_told_without_what_they_hold(
    handler: Handler, capsys: pytest.CaptureFixture[str]
):
    event = origin_request()
    event["Records"][0]["cf"]["request"]["origin"]["custom"]["customHeaders"] = custom_headers(packed("key"))

    assert origin_of(handler(event, None)) == "sydney-appsync.example.com"

    [line] = capsys.readouterr().out.splitlines()
    assert json.loads(line) == {"antipodes": "router", "event": "malformed-regional-headers"}


def test_by_location_a_request_goes_where_the_zones_own_servers_say_for_its_place(
    dns: NameServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    dns.udp = by_type(NS=records("NS", "ns-1."), A=records("A", "127.0.0.2"), CNAME=cname("sydney."))
    monkeypatch.setenv("AWS_REGION", "eu-west-2")
    routes = ROUTES | {"zone": "example.com", "routing": "location", "diagnostics": True}
    london = {"x_antipodes_edge_location": "LHR", "x_antipodes_edge_address": "198.18.3.1"}

    with serving(by_place(lambda _: "ireland"), at=("127.0.0.2", dns.port)):
        handler = start(deploy(tmp_path, routes))
        placed, unplaced = handler(origin_request(**london), None), handler(origin_request(), None)
        told = json.loads(handler(origin_request("GET", "/.well-known/antipodes", **london), None)["body"])

    assert placed["headers"]["x-antipodes-route"][0]["value"] == "ireland; reason=location"
    assert unplaced["headers"]["x-antipodes-route"][0]["value"] == "sydney; reason=dns"
    assert told.pop("age") < 5
    assert told == {"region": "ireland", "reason": "location", "edgeRegion": "eu-west-2", "edgeLocation": "LHR"}


@by_the_clock
def test_by_location_a_viewer_waits_less_than_a_second_for_name_servers_that_say_nothing(
    dns: NameServer, tmp_path: Path
):
    dns.udp = silence
    handler = start(deploy(tmp_path, ROUTES | {"zone": "example.com", "routing": "location"}))
    begun = time.perf_counter()

    answer = handler(origin_request(x_antipodes_edge_location="LHR", x_antipodes_edge_address="198.18.3.1"), None)

    assert time.perf_counter() - begun < 1
    assert origin_of(answer) == "ireland-appsync.example.com"


def test_by_location_a_failed_lookup_is_a_line_in_the_log_with_its_place(
    dns: NameServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    dns.udp = code("SERVFAIL")
    handler = start(deploy(tmp_path, ROUTES | {"zone": "example.com", "routing": "location"}))

    handler(origin_request(x_antipodes_edge_location="LHR", x_antipodes_edge_address="198.18.3.1"), None)

    there, here = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (there["event"], there["location"]) == ("lookup-failed", "LHR")
    assert here["event"] == "lookup-failed"
    assert "location" not in here


@pytest.mark.parametrize("routing", ["region", "location"])
def test_a_cold_start_imports_next_to_nothing(tmp_path: Path, routing: str):
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]);"
        "import awslambdaric.bootstrap; before = set(sys.modules); import handler;"
        "print(*set(sys.modules) - before)"
    )

    # Without the environment's .pth files, which Lambda does not have: they import enough to hide what the router does.
    run = subprocess.run(
        [sys.executable, "-S", "-c", code, deploy(tmp_path, ROUTES | {"zone": "example.com", "routing": routing})],
        env={"PYTHONPATH": sysconfig.get_path("purelib")},
        capture_output=True,
        text=True,
        check=True,
    )

    own = {file.stem for file in ROUTER.glob("*.py")}
    assert set(run.stdout.split()) - own <= LIGHT
    assert "liveness" not in run.stdout.split()

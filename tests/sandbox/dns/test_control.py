import asyncio
from typing import Any

import dns.edns
import dns.message
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from sandbox.dns.control import DnsFaults, UnknownFaultError
from sandbox.dns.faults import FAULTS, Reply
from sandbox.faults.kinds import DnsDown
from sandbox.faults.state import Faults

REGIONS = ("eu-west-2", "ap-southeast-2")
WRONG: list[tuple[Any, str]] = [
    ({"fault": "up"}, f"There is no fault 'up', only {', '.join(FAULTS)}."),
    ({"fault": "down", "region": "eu-west-9"}, "There is no region 'eu-west-9', only eu-west-2, ap-southeast-2."),
    ({"fault": "down", "server": "root"}, "There is no server 'root', only resolver, zone."),
    ({"fault": "down", "city": "London"}, 'Send {"fault": kind}, null for none'),
    ({"region": "eu-west-2"}, 'Send {"fault": kind}, null for none'),
    ({"fault": ["down"]}, 'Send {"fault": kind}, null for none'),
    (["down"], 'Send {"fault": kind}, null for none'),
]


@pytest.fixture
def faults() -> DnsFaults:
    return DnsFaults(REGIONS)


def is_hit(faults: DnsFaults, kind: str = "CNAME", region: str = "eu-west-2", *, of: str = "resolver") -> bool:
    """Whether the answer to a question of that kind from `region` is kept back."""
    query = dns.message.make_query("example.com", kind, flags=dns.flags.RD if of == "resolver" else 0)
    answer = dns.message.make_response(query).to_wire()
    return faults.reply(region, answer, tcp=False) == Reply()


def test_there_is_no_fault_until_one_is_planted_and_none_once_it_is_cleared(faults: DnsFaults):
    assert not is_hit(faults)
    faults.plant("down")
    assert is_hit(faults)
    faults.plant(None)
    assert not is_hit(faults)


def test_a_fault_hits_what_functions_ask_and_not_how_origins_are_found(faults: DnsFaults):
    faults.plant("down")

    hit = [kind for kind in ("CNAME", "NS", "A", "AAAA", "SOA") if is_hit(faults, kind)]

    assert hit == ["CNAME", "NS"]


def test_a_fault_hits_any_answer_for_a_clients_subnet(faults: DnsFaults):
    faults.plant("down")
    answer = dns.message.make_response(dns.message.make_query("example.com", "A", flags=0))
    answer.use_edns(0, options=[dns.edns.ECSOption("198.18.3.0", 24, 24)])

    assert faults.reply("eu-west-2", answer.to_wire(), tcp=False) == Reply()


def test_a_fault_may_hit_one_region_only(faults: DnsFaults):
    faults.plant("down", region="eu-west-2")

    assert [region for region in REGIONS if is_hit(faults, region=region)] == ["eu-west-2"]


@pytest.mark.parametrize(("server", "other"), [("resolver", "zone"), ("zone", "resolver")])
def test_a_fault_may_hit_the_resolvers_or_the_zones_own_servers_only(faults: DnsFaults, server: str, other: str):
    faults.plant("down", server=server)

    assert is_hit(faults, of=server)
    assert not is_hit(faults, of=other)


def test_each_region_sees_a_fault_from_its_beginning(faults: DnsFaults):
    faults.plant("flapping")

    for region in REGIONS:
        assert [is_hit(faults, region=region) for _ in range(5)] == [True] * 4 + [False]
    faults.plant("flapping")
    assert is_hit(faults)


def test_a_name_server_is_down_where_the_whole_sandbox_is_told_so_beside_what_it_has_itself():
    sandbox = Faults()
    faults = DnsFaults(REGIONS, sandbox)
    asyncio.run(sandbox.plant(DnsDown("eu-west-2")))
    faults.plant("servfail", region="ap-southeast-2")

    assert is_hit(faults)
    assert not is_hit(faults, "A")
    assert not is_hit(faults, region="ap-southeast-2")  # which has an answer, and no good one
    faults.plant(None)
    assert is_hit(faults)
    asyncio.run(sandbox.clear())
    assert not is_hit(faults)


def test_what_cannot_be_planted_leaves_what_there_is(faults: DnsFaults):
    faults.plant("down")

    with pytest.raises(UnknownFaultError, match="There is no fault 'up', only down, servfail, "):
        faults.plant("up")

    assert is_hit(faults)


def test_the_control_plants_shows_and_clears(faults: DnsFaults):
    app = web.Application()
    app.add_routes(faults.controls)
    none = {"fault": None, "region": None, "server": None}

    async def story() -> None:
        async with TestClient(TestServer(app)) as client:

            async def put(body: Any) -> tuple[int, Any]:
                answer = await client.put("/_sandbox/dns", json=body)
                return answer.status, await answer.json()

            planted = {"fault": "loop", "region": "eu-west-2", "server": "zone"}
            assert await put(planted) == (200, planted)
            assert await (await client.get("/_sandbox/dns")).json() == planted
            for wrong, message in WRONG:
                status, answer = await put(wrong)
                assert status == 400
                assert answer["message"].startswith(message)
            assert await (await client.get("/_sandbox/dns")).json() == planted
            assert await put({"fault": "down"}) == (200, none | {"fault": "down"})
            assert await put({"fault": None}) == (200, none)

    asyncio.run(story())

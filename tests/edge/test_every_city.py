"""The router's own code against the sandbox's name servers: where each city of the data is sent."""

import os
from collections.abc import Iterator
from functools import partial

import places
import pytest
from lookup import lookup_cname
from places import Places
from resolver import Resolver
from subnet import encode_subnet

from geography import CITIES, city_of_region, edge_cache_of
from geography.edge_locations import code_of
from sandbox.edge_addresses import address_of
from sandbox.ports import LOOPBACK, Ports
from sandbox.regret import regret, served_by_latency_records
from tests.sandbox.dns.embedded_dns import EmbeddedDns, embedded_dns, record_set

_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


_PATIENCE = 30.0  # seconds: of so many answers one is late on a busy machine, and who gives up is not the question here


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "BUDGET_SECONDS", _PATIENCE)


def report(event: str, **facts: object) -> None:
    pytest.fail(f"{event}: {facts}")


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedDns]:
    with embedded_dns(Ports(23200 + 50 * _WORKER), tmp_path_factory.mktemp("dns") / "emulator.log") as running:
        yield running


SETS = pytest.mark.parametrize(
    "regions",
    [
        {"ireland": "eu-west-1", "sydney": "ap-southeast-2"},
        {"ireland": "eu-west-1", "sydney": "ap-southeast-2", "tokyo": "ap-northeast-1"},
        {"virginia": "us-east-1", "ireland": "eu-west-1", "capetown": "af-south-1"},
    ],
    ids="+".join,
)


def deploy(servers: EmbeddedDns, domain: str, regions: dict[str, str]) -> str:
    """The latency records of a stack, and their name."""
    record = f"latency-routing.{domain}"
    servers.change(
        servers.create_zone(domain),
        "CREATE",
        *(record_set(record, "CNAME", key, Region=region, SetIdentifier=key) for key, region in regions.items()),
    )
    return record


@SETS
def test_every_city_is_sent_to_the_region_nearest_to_its_regional_edge_cache(
    servers: EmbeddedDns, regions: dict[str, str]
):
    record = deploy(servers, "-".join(regions) + ".example", regions)

    served = {}
    for name, city in CITIES.items():
        server = (LOOPBACK, servers.ports.dns[edge_cache_of(city)])
        answer = Resolver(partial(lookup_cname, record, [server]), regions, report=report, budget=_PATIENCE).answer()
        assert answer is not None, f"{name}: Route 53 gave no answer"
        assert answer.scope == 0
        served[name] = regions[answer.key]

    for name, city in CITIES.items():
        rtt = city_of_region(edge_cache_of(city)).rtt
        assert rtt[served[name]] == min(rtt[region] for region in regions.values()), name
    assert served == served_by_latency_records(list(regions.values()))
    print(f"{' + '.join(regions)}: {regret(served, list(regions.values()))}")  # noqa: T201 - for the reader of -rP


def subnet_of(city: str) -> bytes:
    subnet = encode_subnet(address_of(city))
    assert subnet is not None
    return subnet


@SETS
def test_by_place_every_city_is_sent_to_the_region_nearest_to_itself(servers: EmbeddedDns, regions: dict[str, str]):
    domain = "-".join(regions) + ".place.example"
    record = deploy(servers, domain, regions)
    routers = {
        cache: Places(record, domain, [(LOOPBACK, servers.ports.dns[cache])], regions, report=report)
        for cache in {edge_cache_of(city) for city in CITIES.values()}
    }

    served = {}
    for name, city in CITIES.items():
        answer = routers[edge_cache_of(city)].answer(code_of(city), subnet_of(name))
        assert answer is not None, f"{name}: the zone's servers gave no answer"
        assert answer.scope == 24
        served[name] = regions[answer.key]

    assert not regret(served, list(regions.values())).cities

"""Both routers choose alike: choices.json says what they are to choose, and chance finds what it does not say.

A case's place is what the router knows of the viewer's place, nearest region first: to the Lambda router DNS names the
first of them, to the function the key value store lists them. `region` is the same for the regional edge cache. What a
case leaves out is in DEFAULTS; the function's reason `location` is the Lambda router's `dns`.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from typing import Any
from zlib import crc32

import pytest
import viewer
from choice import takes
from resolver import Answer
from table import Table

from tests.edge import function_router
from tests.edge.events import origin_request
from tests.edge.routers import Here, router

CASES = json.loads(Path(__file__).with_name("choices.json").read_text(encoding="utf-8"))
LONDON = {"name": "LHR", "serverIp": "198.18.3.1", "region": "eu-west-2"}
NEAR_SYDNEY = ["sydney", "tokyo", "ireland"]
DEFAULTS: dict[str, Any] = {
    "keys": ["ireland", "sydney", "tokyo"],
    "dials": {},
    "method": "GET",
    "uri": "/graphql",
    "headers": {},
    "viewer": "203.0.113.2",
    "edge": LONDON,
    "place": NEAR_SYDNEY,
    "region": NEAR_SYDNEY,
}

Choice = list[str] | None


def chosen_by_lambda(case: Mapping[str, Any]) -> Choice:
    nearest = {"eu-west-2": case["region"]} if case["region"] else {}
    named = Answer(case["place"][0]) if case["place"] else None
    event = origin_request(case["method"], case["uri"])
    request = event["Records"][0]["cf"]["request"]
    request["clientIp"] = case["viewer"]
    for name, value in case["headers"].items():
        values = [value] if isinstance(value, str) else value
        request["headers"][name] = [{"key": name.title(), "value": each} for each in values]
    answer = router(table_of(case) | {"nearest": nearest}, Here(named)).answer(event)
    if "status" in answer:
        assert answer["status"] == "503"
        return None
    key, reason = answer["headers"]["x-antipodes-route"][0]["value"].split("; reason=")
    assert answer["origin"]["custom"]["domainName"] == f"{key}-appsync.example.com"
    return [key, reason.replace("dns", "location")]


def chosen_by_function(case: Mapping[str, Any]) -> Choice:
    event = function_router.viewer_request(case["method"], case["uri"], headers=case["headers"], address=case["viewer"])
    store = {"LHR": case["place"], "eu-west-2": case["region"]}
    result = function_router.route(
        table_of(case),
        event,
        edge=case["edge"],
        store={code: order_of(keys, case["dials"]) for code, keys in store.items() if keys},
    )
    if result.request is None:
        assert result.response is not None
        assert result.response["statusCode"] == 503
        return None
    key, reason = result.request["headers"]["x-antipodes-route"]["value"].split("; reason=")
    assert result.origin is not None
    assert result.origin["domainName"] == f"{key}-appsync.example.com"
    return [key, reason]


def table_of(case: Mapping[str, Any]) -> dict[str, Any]:
    regions = {key: {"host": f"{key}-appsync.example.com", "region": "-"} for key in case["keys"]}
    for key, dial in case["dials"].items():
        regions[key] |= {"dial": dial}
    return {"regions": regions} | {option: case[option] for option in ("writes", "sticky") if option in case}


def order_of(keys: list[str], dials: Mapping[str, int]) -> str:
    return " ".join(f"{key}:{dials[key]}" if key in dials else key for key in keys)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
@pytest.mark.parametrize("chosen_by", [chosen_by_lambda, chosen_by_function])
def test_a_router_chooses_as_the_cases_say(chosen_by: Callable[[Mapping[str, Any]], Choice], case: dict[str, Any]):
    assert chosen_by(DEFAULTS | case) == case["expect"]


def test_each_case_is_another_one():
    assert (
        len({json.dumps({**case, "case": ""}) for case in CASES}) == len(CASES) == len({case["case"] for case in CASES})
    )


def test_both_routers_choose_alike_whatever_comes():
    random = seeded(8)
    for _ in range(100):
        case = DEFAULTS | any_case(random)

        assert chosen_by_function(case) == chosen_by_lambda(case), case


def seeded(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - it makes cases, not secrets


def any_case(random: Random) -> dict[str, Any]:
    keys = random.sample(["ireland", "sydney", "tokyo", "oregon", "cape-town"], random.randint(1, 5))
    near = random.sample(keys, random.randint(0, len(keys)))
    home = random.choice([*keys, "moon", ""])
    case: dict[str, Any] = {
        "keys": keys,
        "dials": {key: random.randint(0, 100) for key in keys if random.random() < 0.5},
        "method": random.choice(["GET", "POST", "OPTIONS", "DELETE"]),
        "headers": {"cookie": f"antipodes-region={home}", "x-antipodes-region": home},
        "viewer": any_address(random),
        "place": near if random.random() < 0.8 else None,
        "region": near,
    }
    if random.random() < 0.3:
        case["headers"]["x-antipodes-operation"] = random.choice(["read", "write"])
    if random.random() < 0.5:
        case["writes"] = random.choice([*keys, "moon"])
    if random.random() < 0.7:
        case["sticky"] = random.choice(["cookie", "header"])
    return case


def any_address(random: Random) -> str:
    """IPv4, or IPv6 in one of the ways to write it: whole, shortened anywhere, with an IPv4 tail; in any case."""
    if random.random() < 0.3:
        return ".".join(str(random.randrange(256)) for _ in range(4))
    groups = [any_group(random) for _ in range(8)]
    start = random.randrange(9)
    end = random.randint(start, 8)
    if start == end:
        return ":".join(groups)
    tail = groups[end:]
    if len(tail) >= 2 and random.random() < 0.3:
        tail[-2:] = ["192.0.2.7"]
    return ":".join(groups[:start]) + "::" + ":".join(tail)


def any_group(random: Random) -> str:
    number = random.randrange(65536)
    return random.choice(["0", "0000", f"{number:x}", f"{number:04X}"])


def any_text(random: Random) -> str:
    characters = (random.choice([random.randrange(32, 127), random.randrange(0x3FF), 0x1F600]) for _ in range(20))
    return "".join(map(chr, characters))


def each(function: str, arguments: list[Any]) -> list[Any]:
    """What a function of the JavaScript router's makes of each of `arguments`."""
    script = f"(json) => JSON.stringify(JSON.parse(json).map({function}))"
    values: list[Any] = json.loads(function_router.functions().eval(script)(json.dumps(arguments)))
    return values


def test_both_routers_take_an_address_for_the_same_viewer():
    random = seeded(9)
    addresses = [any_address(random) for _ in range(5000)]

    assert each("viewerOf", addresses) == [viewer.identity({"clientIp": address}) for address in addresses]


def test_both_routers_have_one_checksum():
    random = seeded(10)
    texts = [any_text(random) for _ in range(2000)]

    assert each("crc32", texts) == [crc32(text.encode()) for text in texts]


def test_both_routers_dials_let_the_same_viewers_in():
    random = seeded(11)
    asked = [(random.randint(0, 100), any_address(random)) for _ in range(3000)]
    tables = {
        dial: Table({"record": "-", "regions": {"ireland": {"host": "-", "dial": dial}}}, None) for dial in range(101)
    }

    let_in = each("asked => takes({key: 'ireland', dial: asked[0]}, viewerOf(asked[1]))", asked)

    assert let_in == [takes(tables[dial], "ireland", viewer.identity({"clientIp": at})) for dial, at in asked]
    assert 1000 < sum(let_in) < 2000

import json
from itertools import combinations

from components import dashboard_body
from components.metrics import Measured

IRELAND = Measured(
    domain="example.com",
    key="ireland",
    region="eu-west-1",
    api_id="a",
    functions={"authorizer": "auth", "resolvers": "res", "fan-out": "fan"},
    queues={"changes": "letters"},
    tables=("example.com.events",),
    receivers=("ap-southeast-2",),
)
SYDNEY = Measured(
    domain="example.com",
    key="sydney",
    region="ap-southeast-2",
    api_id="b",
    functions={"authorizer": "a", "resolvers": "r"},
)


def test_widgets_do_not_lie_on_each_other_and_fit_the_page() -> None:
    for body in (dashboard_body.region(IRELAND), dashboard_body.region(SYDNEY), dashboard_body.overview([IRELAND])):
        cells = [
            {(widget["x"] + x, widget["y"] + y) for x in range(widget["width"]) for y in range(widget["height"])}
            for widget in body["widgets"]
        ]

        assert not any(one & other for one, other in combinations(cells, 2))
        assert max(x for each in cells for x, _ in each) < 24


def test_a_metric_is_written_as_cloudwatch_reads_it() -> None:
    (latency,) = [w for w in dashboard_body.region(IRELAND)["widgets"] if w["properties"].get("title") == "Latency, ms"]

    assert latency["properties"]["metrics"][2] == [
        "AWS/AppSync",
        "Latency",
        "GraphQLAPIId",
        "a",
        {"label": "p99", "stat": "p99", "region": "eu-west-1"},
    ]


def test_the_overview_has_a_line_for_each_region_and_what_only_some_have_for_those() -> None:
    widgets = {w["properties"].get("title"): w for w in dashboard_body.overview([IRELAND, SYDNEY])["widgets"]}

    requests = [metric[-1]["label"] for metric in widgets["Requests"]["properties"]["metrics"]]
    assert requests == ["ireland", "sydney"]
    letters = [metric[-1]["label"] for metric in widgets["Dead letters"]["properties"]["metrics"]]
    assert letters == ["ireland: changes"]
    assert "Dead letters" not in json.dumps(dashboard_body.overview([SYDNEY]))

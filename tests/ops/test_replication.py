import time
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from ops import replication
from ops.replication import Lag, measure
from tests.ops.conftest import Deployed, WithFaults


def test_each_way_between_two_regions_is_measured_as_often_as_asked(deployed: Deployed):
    lags = measure(deployed.clients, deployed.outputs["regions"], deployed.outputs["canaryTable"], rounds=2)

    assert {(lag.writer, lag.reader) for lag in lags} == {("ireland", "sydney"), ("sydney", "ireland")}
    assert [len(lag.seconds) for lag in lags] == [2, 2]
    assert all(lag.worst is not None and lag.worst > 0 for lag in lags)


def test_no_probe_stays_in_the_table(deployed: Deployed):
    measure(deployed.clients, deployed.outputs["regions"], deployed.outputs["canaryTable"], rounds=1)

    for region in deployed.outputs["regions"].values():
        assert deployed.clients("dynamodb", region).scan(TableName=deployed.outputs["canaryTable"])["Count"] == 0


def test_a_way_on_which_a_probe_is_lost_is_not_waited_for_again(deployed: Deployed, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(replication, "_PATIENCE", 0.2)
    deployed.table(deployed.outputs["canaryTable"], "us-west-2")  # of the name, but no replica

    lags = measure(deployed.clients, {"ireland": "eu-west-1", "oregon": "us-west-2"}, deployed.outputs["canaryTable"])

    assert lags == [Lag("ireland", "oregon", (None,)), Lag("oregon", "ireland", (None,))]
    assert lags[0].typical is None


def test_a_region_that_does_not_answer_is_not_waited_for(deployed: Deployed):
    begun = time.monotonic()

    lags = measure(
        WithFaults(deployed.clients, {"ap-southeast-2"}), deployed.outputs["regions"], deployed.outputs["canaryTable"]
    )

    assert sorted(lags, key=lambda lag: lag.writer) == [
        Lag("ireland", "sydney", (None,)),
        Lag("sydney", "ireland", (None,)),
    ]
    assert time.monotonic() - begun < replication._PATIENCE


class Hangs:
    """A region of which nobody hears anything, until the client gives up."""

    def __getattr__(self, _: str) -> Any:
        def ask(**_: Any) -> Any:
            time.sleep(0.4)
            raise ReadTimeoutError(endpoint_url="https://dynamodb.ap-northeast-1.amazonaws.com")

        return ask


def test_a_region_that_hangs_does_not_make_the_ways_between_others_look_broken(
    deployed: Deployed, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(replication, "_PATIENCE", 0.3)
    regions = {**deployed.outputs["regions"], "athens": "eu-south-1"}

    def clients(service: str, region: str) -> Any:
        return Hangs() if region == "eu-south-1" else deployed.clients(service, region)

    lags = {
        (lag.writer, lag.reader): lag.worst
        for lag in measure(clients, regions, deployed.outputs["canaryTable"], rounds=1)
    }

    assert lags["ireland", "sydney"] is not None
    assert lags["sydney", "ireland"] is not None
    assert [way for way, worst in lags.items() if worst is None] == [way for way in lags if "athens" in way]
    assert len(lags) == 6


def test_one_lost_probe_among_others_makes_no_good_figure():
    lag = Lag("ireland", "sydney", (0.2, None, 0.4))

    assert (lag.typical, lag.worst) == (None, None)


def test_the_typical_lag_is_the_median():
    lag = Lag("ireland", "sydney", (0.2, 9.0, 0.4))

    assert (lag.typical, lag.worst) == (0.4, 9.0)

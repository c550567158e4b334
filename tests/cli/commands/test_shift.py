from pathlib import Path

import pytest

from cli.commands import shift
from cli.errors import Interrupted
from cli.events import Report
from cli.output import Console
from ops.deployment import Deployment
from ops.errors import OperationError
from ops.health import HEALTHY, Health
from ops.plan import Plan
from ops.rotation import Place, Rotation
from tests.ops.conftest import unreachable

FILE = "Pulumi.prod.yaml"


def report(changed: int, drained: list[str] | None = None) -> Report:
    made = Report(outputs={"drained": drained or []})
    made.changes.update({"update": changed, "same": 5})
    return made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / FILE
    path.write_bytes(b"before\r\n")
    path.chmod(0o640)
    return path


@pytest.mark.parametrize("error", [ValueError, Interrupted])
def test_whatever_goes_wrong_the_file_is_as_it_was(
    file: Path, capsys: pytest.CaptureFixture[str], error: type[BaseException]
):
    def fail() -> None:
        with shift._written(file, "before\r\n", "after\r\n", Console(as_json=False)):
            assert file.read_bytes() == b"after\r\n"
            raise error

    with pytest.raises(error):
        fail()

    assert file.read_bytes() == b"before\r\n"
    assert capsys.readouterr().err == "Pulumi.prod.yaml is as it was.\n"


def test_what_goes_well_stays_and_leaves_nothing_beside_it(file: Path):
    with shift._written(file, "before\r\n", "after\r\n", Console(as_json=False)):
        pass

    assert file.read_bytes() == b"after\r\n"
    assert file.stat().st_mode & 0o777 == 0o640
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize(
    ("now", "to", "steps"),
    [
        (100, 25, ("Write dial: 25 for sydney there.", "Deploy it: 5 same, 2 update.")),
        (25, 100, ("Take the dial of sydney out there.", "Deploy it: 5 same, 2 update.")),
        (25, 25, ("Deploy it: 5 same, 2 update.",)),
    ],
)
def test_the_plan_is_the_change_of_the_file_and_its_deployment(now: int, to: int, steps: tuple[str, ...]):
    assert shift._plan(FILE, "sydney", now, to, report(2)).steps == steps


def test_what_is_written_and_deployed_is_nothing_to_do():
    plan = shift._plan(FILE, "sydney", 25, 25, report(0))

    assert plan == Plan("shift sydney to 25 %", ("Pulumi.prod.yaml has dial: 25 for sydney.",), ())


def test_a_region_that_the_config_drains_is_told_to_stay_so():
    found = shift._plan(FILE, "sydney", None, 25, report(1, ["sydney"])).found

    assert found == (
        "Pulumi.prod.yaml has a dial for sydney that is no number.",
        "Pulumi.prod.yaml has drained: true for sydney: it takes no viewers, whatever its dial.",
    )


def stack(*drained: str) -> Deployment:
    """A stack of three regions, of which all are healthy and these are drained, with a health endpoint each."""
    regions = {"ireland": "eu-west-1", "sydney": "ap-southeast-2", "tokyo": "ap-northeast-1"}
    return unreachable({"regions": regions, "health": {}, "drained": list(drained), "dials": {}})


def healthy(deployment: Deployment) -> Rotation:
    return Rotation(
        {key: Place(Health(HEALTHY), drained=key in deployment.outputs["drained"]) for key in deployment.regions}, {}
    )


def test_the_last_region_that_serves_is_not_turned_down(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("ops.rotation.look", healthy)

    shift._require_another(stack("sydney"), "ireland")
    with pytest.raises(OperationError, match=r"ireland is not turned down: .* Run antipodes restore sydney"):
        shift._require_another(stack("sydney", "tokyo"), "ireland")


def test_a_stack_that_has_no_health_endpoints_yet_is_turned_down_unasked():
    shift._require_another(unreachable({"regions": {"ireland": "eu-west-1"}}), "ireland")

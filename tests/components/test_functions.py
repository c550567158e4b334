"""The packages hold all that their handlers import: tried in a process that sees nothing else of the project."""

import io
import json
import subprocess
import sys
import sysconfig
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from bench.runtime_api import cold_start
from components import functions
from components.api_source import ApiSource, read_api
from components.packages import Package
from components.topology import Topology, load
from tests.edge.events import origin_request
from tests.edge.name_server import cname, serving

ROOT = Path(__file__).resolve().parents[2]
CONFIG = {
    "aws:region": "us-east-1",
    "antipodes:domain": "example.com",
    "antipodes:home": "ireland",
    "antipodes:regions": {"ireland": "eu-west-1"},
}


THIS = f"python3.{sys.version_info.minor}"
OTHER = "python3.0"


def unpacked(package: Package, folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(package.zipped())) as archive:
        archive.extractall(folder)
    return folder


def imported(package: Package, modules: list[str], folder: Path) -> str:
    unpacked(package, folder)
    program = f"import importlib; [importlib.import_module(name) for name in {modules}]; print('imported')"
    # Values that no import uses, under the names by which the functions read theirs.
    names = ("GRAPHQL_URL", "DEAD_LETTERS", "DOMAIN", "REGION_KEY", "VERSION", "TOKEN_SECRET", "CANARY_TABLE")
    region = {"AWS_DEFAULT_REGION": "eu-west-1", "AWS_REGION": "eu-west-1"}
    environment = dict.fromkeys(names, "") | region | {"TABLES": "{}"}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or done.stderr


@pytest.fixture(scope="module")
def api() -> ApiSource:
    return read_api(ROOT / "api", ROOT / ".build")


def test_the_routers_package_stands_alone(tmp_path: Path) -> None:
    assert imported(functions.router(ROOT, load(CONFIG)), ["handler"], tmp_path) == "imported"


def test_the_authorizers_package_stands_alone(api: ApiSource, tmp_path: Path) -> None:
    assert imported(functions.regional(ROOT, api).authorizer, ["authorizer.handler"], tmp_path) == "imported"


def test_the_resolvers_package_stands_alone_with_every_resolver(api: ApiSource, tmp_path: Path) -> None:
    package = functions.regional(ROOT, api).resolvers
    modules = [function.partition(":")[0] for function in json.loads(api.resolver_table).values()]

    assert imported(package, ["resolvers.handler", *modules], tmp_path) == "imported"


def test_the_fan_outs_package_stands_alone(api: ApiSource, tmp_path: Path) -> None:
    assert imported(functions.fan_out(ROOT, load(CONFIG), api), ["fan_out.handler"], tmp_path) == "imported"


def test_the_health_functions_package_stands_alone_with_the_apis_query(api: ApiSource, tmp_path: Path) -> None:
    package = functions.health(ROOT, api)

    assert package.files["health/query.graphql"] == (ROOT / "api" / "health.graphql").read_text(encoding="utf-8")
    assert imported(package, ["health.handler"], tmp_path) == "imported"


def test_a_version_is_another_where_anything_is_that_a_region_runs(api: ApiSource) -> None:
    def version(topology: Topology, source: ApiSource) -> str:
        return functions.read(ROOT, topology, source).version

    regions = {"ireland": "eu-west-1", "sydney": "ap-southeast-2"}
    wider = load({**CONFIG, "antipodes:regions": regions, "antipodes:failover": "fast", "antipodes:sticky": "cookie"})
    here = version(load(CONFIG), api)
    others = [
        replace(api, schema=f"{api.schema}\n# more"),
        replace(api, health_query="{ __typename }"),
        replace(api, resolvers={**api.resolvers, "Event.name": "api.resolvers.Event:comments"}),
        replace(api, files={**api.files, "api/more.py": ROOT / "api" / "pages.py"}),
    ]

    assert version(wider, api) == here  # though it has another router
    assert len({here, *(version(load(CONFIG), other) for other in others)}) == 1 + len(others)


def test_the_fan_out_knows_by_the_tables_real_names_how_each_change_is_published(api: ApiSource) -> None:
    baked = json.loads(str(functions.fan_out(ROOT, load(CONFIG), api).files["fan_out/publications.json"]))

    assert {table: {change: how["field"] for change, how in changes.items()} for table, changes in baked.items()} == {
        "example.com.events": {
            "INSERT": "publishEventCreated",
            "MODIFY": "publishEventChanged",
            "REMOVE": "publishEventDeleted",
        },
        "example.com.comments": {"INSERT": "publishComment"},
    }
    documents = {how["field"]: how["document"] for changes in baked.values() for how in changes.values()}
    assert documents == dict(api.publications)


def test_the_routes_are_compact_and_sorted_so_that_only_a_change_changes_the_package() -> None:
    turned = {**CONFIG, "antipodes:regions": {"sydney": "ap-southeast-2", "ireland": "eu-west-1"}}
    straight = {**CONFIG, "antipodes:regions": {"ireland": "eu-west-1", "sydney": "ap-southeast-2"}}
    text = str(functions.router(ROOT, load(straight)).files["routes.json"])

    assert text == functions.router(ROOT, load(turned)).files["routes.json"]
    assert text.startswith('{"diagnostics":true,"nearest":{"af-south-1":["ireland","sydney"],')
    assert " " not in text


@pytest.mark.parametrize("runtime", [THIS, OTHER], ids=["bytecode", "source"])
def test_the_routers_package_is_small_with_many_regions(runtime: str) -> None:
    regions = {region: region for region in ("eu-west-1", "us-east-1", "us-west-2", "sa-east-1", "ap-south-1")}
    regions |= {region: region for region in ("ap-northeast-1", "ap-southeast-2", "af-south-1")}
    many = load({**CONFIG, "antipodes:home": "eu-west-1", "antipodes:regions": regions})

    assert functions.router(ROOT, many, runtime).zipped_size() < 40 * 1024


@pytest.mark.parametrize("runtime", [THIS, OTHER], ids=["bytecode", "source"])
def test_the_router_answers_from_its_package_alone_under_lambdas_runtime_client(runtime: str, tmp_path: Path) -> None:
    folder = unpacked(functions.router(ROOT, load(CONFIG), runtime), tmp_path / "task")
    with serving(cname("ireland.")) as server:
        environment = {
            "ANTIPODES_RESOLVER": f"127.0.0.1:{server.port}",
            "LAMBDA_TASK_ROOT": str(folder),
            "PYTHONPATH": f"{folder}:{sysconfig.get_path('purelib')}",
        }
        command = [sys.executable, "-S", "-P", "-m", "awslambdaric", "handler.handler"]
        _seconds, answer = cold_start(command, folder, environment, json.dumps(origin_request()).encode())

    assert answer["headers"]["x-antipodes-route"] == [{"key": "x-antipodes-route", "value": "ireland; reason=dns"}]

"""The packages hold all that their handlers import: tried in a process that sees nothing else of the project."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from components import functions
from components.api_source import ApiSource, read_api
from components.packages import Package, edge_package
from components.topology import load

ROOT = Path(__file__).resolve().parents[2]
CONFIG = {
    "aws:region": "us-east-1",
    "antipodes:domain": "example.com",
    "antipodes:home": "ireland",
    "antipodes:regions": {"ireland": "eu-west-1"},
}


def imported(package: Package, modules: list[str], folder: Path) -> str:
    for name, content in package.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content.read_bytes())
    program = f"import importlib; [importlib.import_module(name) for name in {modules}]; print('imported')"
    environment = {"AWS_DEFAULT_REGION": "eu-west-1", "AWS_REGION": "eu-west-1", "GRAPHQL_URL": "", "DEAD_LETTERS": ""}
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


def test_the_routers_package_is_small_with_many_regions_and_all_that_python_compiles(tmp_path: Path) -> None:
    regions = {region: region for region in ("eu-west-1", "us-east-1", "us-west-2", "sa-east-1", "ap-south-1")}
    regions |= {region: region for region in ("ap-northeast-1", "ap-southeast-2", "af-south-1")}
    routes = functions.router(ROOT, load({**CONFIG, "antipodes:home": "eu-west-1", "antipodes:regions": regions}))
    this = f"python3.{sys.version_info.minor}"
    texts = {"routes.json": str(routes.files["routes.json"])}

    package = edge_package(ROOT / "edge" / "router", texts, this, tmp_path)
    sources = Package({name: content for name, content in package.files.items() if isinstance(content, str)})

    assert len(package.files) == 2 * len(sources.files) - 1
    assert sources.zipped_size() < 40 * 1024
    assert package.zipped_size() < 80 * 1024  # a cold start that need not compile is worth the bytes

import json
import re
import shutil
from pathlib import Path

import pytest

from components import api_schema, functions
from components.api_error import ApiError
from components.api_source import read_api
from components.packages import PackageError

ROOT = Path(__file__).resolve().parents[2]
OTHER = ROOT / "tests" / "other_api"
BUILD = ROOT / ".build"

SCHEMA = "type Query { thing: String } type Thing { part: String } type Mutation { make: Thing }"


@pytest.fixture
def api(tmp_path: Path) -> Path:
    """A small API that is as it should be; each test breaks one thing."""
    write(tmp_path, "schema.graphql", SCHEMA)
    write(tmp_path, "tables.yaml", "things:\n  key: {id: string}\n")
    write(tmp_path, "resolvers/Query/thing.py", "def resolve(context): ...\n")
    write(tmp_path, "resolvers/Mutation.py", "def make(context): ...\ndef _help(): ...\nclass Other: ...\n")
    write(tmp_path, "helpers.py", "")
    return tmp_path


def write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def problems(api: Path) -> tuple[str, ...]:
    with pytest.raises(ApiError) as caught:
        read_api(api, api / ".build")
    return caught.value.problems


def problem(api: Path) -> str:
    (found,) = problems(api)
    return found


def test_a_file_a_field_and_a_file_a_type_are_both_found(api: Path) -> None:
    assert read_api(api, api / ".build").resolvers == {
        "Query.thing": "api.resolvers.Query.thing:resolve",
        "Mutation.make": "api.resolvers.Mutation:make",
    }


def test_the_api_is_not_run_when_it_is_read(api: Path) -> None:
    write(api, "resolvers/Query/thing.py", "raise SystemExit\ndef resolve(context): ...\n")

    assert "Query.thing" in read_api(api, api / ".build").resolvers


def test_names_with_an_underscore_are_helpers(api: Path) -> None:
    write(api, "resolvers/_shared.py", "def nothing(): ...\n")
    write(api, "resolvers/Query/_shared.py", "def nothing(): ...\n")
    write(api, "resolvers/Query/__init__.py", "")

    assert set(read_api(api, api / ".build").resolvers) == {"Query.thing", "Mutation.make"}


def test_every_module_of_the_api_is_packed_under_the_name_it_is_imported_by(api: Path) -> None:
    assert set(read_api(api, api / ".build").files) == {
        "api/helpers.py",
        "api/resolvers/Mutation.py",
        "api/resolvers/Query/thing.py",
    }


def test_a_missing_schema_is_refused(api: Path) -> None:
    (api / "schema.graphql").unlink()

    assert "schema.graphql is missing" in problem(api)


@pytest.mark.parametrize("name", ["schema.graphql", "tables.yaml", "requirements.in", "requirements.txt"])
def test_a_file_that_is_no_text_is_refused_by_its_name(api: Path, name: str) -> None:
    write(api, "requirements.txt", "")
    (api / name).write_bytes(b"\xff")
    assert f"{name} is not UTF-8" in problem(api)

    (api / name).unlink()
    (api / name).mkdir()
    assert f"{name} is a folder" in problem(api)


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ("type Query {", "Syntax Error"),
        ("type Query { thing: Thong }", "schema.graphql, line 1: Unknown type 'Thong'"),
        ("type Other { thing: String }", "Query root type must be provided"),
        ("type Query { thing: String @nonsense }", "nonsense"),
        ("type Query { thing: String } type Query { other: String }", "only one type named 'Query'"),
        (SCHEMA + ' type Subscription { made: Thing @aws_subscribe(mutations: ["mkae"]) }', "mkae"),
    ],
)
def test_a_schema_that_appsync_would_refuse_is_refused(api: Path, schema: str, said: str) -> None:
    write(api, "schema.graphql", schema)

    assert any(said in each and "schema.graphql" in each for each in problems(api))


def test_appsyncs_own_scalars_and_directives_are_known(publishing: Path) -> None:
    write(
        publishing,
        "schema.graphql",
        PUBLISHING.replace("part: String", "part: AWSDateTime @aws_iam").replace("made(id: ID)", "made(id: ID!)"),
    )

    assert read_api(publishing, publishing / ".build").schema


def test_a_query_without_a_resolver_is_refused_with_the_file_to_write(api: Path) -> None:
    (api / "resolvers" / "Query" / "thing.py").unlink()

    assert problem(api).startswith(
        "Query.thing has no resolver: write resolve(context) in api/resolvers/Query/thing.py"
    )


def test_a_resolver_of_an_unknown_type_is_refused(api: Path) -> None:
    write(api, "resolvers/Thnig.py", "def part(context): ...\n")

    assert "api/resolvers/Thnig.py resolves Thnig.part, but the schema has no type Thnig" in problem(api)


def test_a_resolver_of_an_unknown_field_is_refused(api: Path) -> None:
    write(api, "resolvers/Thing/prat.py", "def resolve(context): ...\n")

    assert problem(api).endswith("but the schema's Thing has no such field. Fields: part.")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("def thing(context): ...\n", "resolve is not there"),
        ("", "resolve is not there"),
        ("def resolve(): ...\n", "cannot be called with the context alone"),
        ("def resolve(context, more): ...\n", "cannot be called with the context alone"),
        ("def resolve(*, context): ...\n", "cannot be called with the context alone"),
        ("def resolve(context, *, more): ...\n", "cannot be called with the context alone"),
        ("async def resolve(context): ...\n", "is async"),
        ("resolve = lambda context: None\n", "is a lambda"),
    ],
)
def test_a_field_file_whose_function_cannot_resolve_is_one_problem(api: Path, source: str, said: str) -> None:
    write(api, "resolvers/Query/thing.py", source)

    found = problem(api)
    assert said in found
    assert "Query/thing.py" in found
    assert found.endswith("write def resolve(context).")


def test_a_type_files_function_that_cannot_resolve_is_one_problem(api: Path) -> None:
    write(api, "resolvers/Mutation.py", "async def make(context): ...\nLIMIT = 5\n")

    assert "Mutation.py: make is async" in problem(api)


@pytest.mark.parametrize(
    "source",
    [
        "def resolve(*contexts): ...\n",
        "def resolve(context, /, more=1, *, most=2): ...\n",
        "def resolve(context=None): ...\n",
        "@made_fit\ndef resolve(): ...\n",
        "@made_fit\nasync def resolve(context): ...\n",
    ],
)
def test_a_function_that_may_be_called_with_the_context_is_a_resolver(api: Path, source: str) -> None:
    write(api, "resolvers/Query/thing.py", source)

    assert "Query.thing" in read_api(api, api / ".build").resolvers


def test_one_type_in_two_places_is_refused(api: Path) -> None:
    write(api, "resolvers/Query.py", "def thing(context): ...\n")

    assert "keep one of the two" in problem(api)


def test_a_resolver_that_lies_too_deep_is_refused(api: Path) -> None:
    write(api, "resolvers/Query/thing/more.py", "def resolve(context): ...\n")

    assert "lies too deep" in problem(api)


def test_every_module_that_python_could_not_import_is_refused_and_no_resolver_is_missed(api: Path) -> None:
    write(api, "resolvers/Query/thing.py", "def broken(:\n")
    write(api, "helpers.py", "x = 1\nreturn\n")

    with pytest.raises(PackageError) as caught:
        read_api(api, api / ".build")

    helpers, thing = str(caught.value).splitlines()
    assert "helpers.py, line 2" in helpers
    assert "thing.py, line 1" in thing


def test_all_problems_are_told_at_once(api: Path) -> None:
    write(api, "resolvers/Thnig.py", "def part(context): ...\n")
    write(api, "tables.yaml", "Things: {}\n")
    (api / "resolvers" / "Query" / "thing.py").unlink()

    assert len(problems(api)) == 3


PUBLISHING = """
    type Query { thing: String }
    type Thing @aws_lambda @aws_iam { id: ID! part: String }
    type Mutation {
      make: Thing
      record(id: ID!): Thing @aws_iam
      publishThing(item: AWSJSON!): Thing @aws_iam
    }
    type Subscription { made(id: ID): Thing @aws_subscribe(mutations: ["publishThing"]) }
"""


@pytest.fixture
def publishing(api: Path) -> Path:
    """An API that tells subscribers of changes, and takes events."""
    write(api, "schema.graphql", PUBLISHING)
    write(api, "tables.yaml", "things:\n  key: {id: string}\n  publish: {insert: publishThing}\n")
    write(api, "bus.yaml", "made:\n  pattern: {source: [a]}\n  mutation: record\n  arguments: {id: $.id}\n")
    write(api, "resolvers/Mutation.py", "def make(context): ...\ndef record(context): ...\n")
    return api


def test_a_publish_mutation_needs_no_resolver_and_is_called_with_all_that_the_item_tells(publishing: Path) -> None:
    found = read_api(publishing, publishing / ".build")

    assert found.publications == {
        "publishThing": "mutation ($item: AWSJSON!) { publishThing(item: $item) { id part } }"
    }
    assert "Mutation.publishThing" not in found.resolvers
    assert [table.name for table in found.published] == ["things"]
    assert found.publish_fields == ("publishThing",)
    assert [rule.mutation for rule in found.bus_rules] == ["record"]


def test_a_subscription_to_what_no_table_publishes_by_is_refused(publishing: Path) -> None:
    write(publishing, "schema.graphql", PUBLISHING.replace('["publishThing"]', '["record"]'))

    assert "subscribes to the mutation record, and would hear of it only in the region" in problem(publishing)


@pytest.mark.parametrize("broken", ["publish: {inserted: publishThing}", "publish: {insert: publishThing}\n  keys: 5"])
def test_an_error_in_tables_yaml_is_the_only_one_that_it_makes(publishing: Path, broken: str) -> None:
    write(publishing, "tables.yaml", f"things:\n  key: {{id: string}}\n  {broken}\n")

    assert "tables.yaml: table things" in problem(publishing)


def test_an_error_in_tables_yaml_hides_no_other(publishing: Path) -> None:
    write(publishing, "tables.yaml", "things:\n  key: {id: strnig}\n")
    (publishing / "resolvers" / "Query" / "thing.py").unlink()

    found = problems(publishing)
    assert ["Query.thing has no resolver" in each for each in found] == [True, False]


def test_an_error_in_bus_yaml_hides_none_of_subscriptions(publishing: Path) -> None:
    write(publishing, "bus.yaml", "made: {}\n")
    write(publishing, "schema.graphql", PUBLISHING.replace("made(id: ID)", "made(id: Int)"))

    assert len(problems(publishing)) == 2


def test_a_field_of_a_subscriptions_filter_that_a_resolver_makes_is_refused(publishing: Path) -> None:
    write(publishing, "resolvers/Thing.py", "def id(context): ...\n")

    assert "Subscription.made has the argument id, and nothing to compare it with" in problem(publishing)


def test_what_is_wrong_with_publications_is_told_once_and_with_the_file(publishing: Path) -> None:
    write(publishing, "schema.graphql", PUBLISHING.replace("publishThing(item: AWSJSON!): Thing @aws_iam", ""))

    assert problem(publishing).startswith(
        f"{publishing / 'schema.graphql'}: table things publishes INSERT by the mutation 'publishThing'"
    )


def test_the_mutations_type_has_the_name_that_policies_call_it(publishing: Path) -> None:
    schema = PUBLISHING.replace("type Mutation", "type Writes") + "schema { query: Query mutation: Writes }"
    write(publishing, "schema.graphql", schema.replace("type Subscription", "type Heard"))
    (publishing / "resolvers" / "Mutation.py").rename(publishing / "resolvers" / "Writes.py")

    assert "the type Writes holds the mutations: call it Mutation" in problem(publishing)


def test_dependencies_without_a_lock_are_refused_with_the_command(api: Path) -> None:
    write(api, "requirements.in", "python-ulid\n")

    assert "uv pip compile --generate-hashes" in problem(api)


def test_a_lock_that_lacks_what_is_asked_for_is_refused_with_the_command(api: Path) -> None:
    write(api, "requirements.in", "python-ulid>=5\nhttpx\n")
    write(api, "requirements.txt", "python-ulid==4.1.0 \\\n    --hash=sha256:46992012\n")

    found = problem(api)
    assert "python-ulid>=5 is asked for, and 4.1.0 is in it; httpx is not in it" in found
    assert "uv pip compile --generate-hashes" in found


def test_a_requirement_that_is_not_for_lambda_need_not_be_locked(api: Path) -> None:
    write(api, "requirements.in", 'pywin32; sys_platform == "win32"\ntomli; python_version < "3.13"\n')
    write(api, "requirements.txt", "")

    assert read_api(api, api / ".build").dependencies == {}


def test_a_lock_without_hashes_is_refused(api: Path) -> None:
    write(api, "requirements.txt", "python-ulid==4.1.0\n")

    assert "hash" in "".join(problems(api))
    assert not list((api / ".build" / "dependencies").iterdir())


def test_the_sample_fits_together_and_brings_its_dependency() -> None:
    sample = read_api(ROOT / "api", BUILD)

    assert "ulid/__init__.py" in sample.dependencies
    assert not [name for name in sample.dependencies if name.startswith("bin/") or name.endswith(".pyc")]
    assert {table.name for table in sample.tables} == {"events", "comments"}


def test_another_api_is_packed_by_changing_the_folder_alone(tmp_path: Path) -> None:
    for folder in ("edge", "region"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copytree(OTHER, tmp_path / "api")

    other = read_api(tmp_path / "api", tmp_path / ".build")
    files = functions.regional(tmp_path, other).resolvers.files

    assert set(json.loads(str(files["resolvers/table.json"]))) == {
        "Query.poll",
        "Query.votesOf",
        "Mutation.openPoll",
        "Mutation.vote",
        "Poll.votes",
        "Poll.tally",
    }
    assert not [name for name in files if "ulid" in name or "Event" in name]


def test_the_projects_own_code_knows_nothing_of_the_sample() -> None:
    """Another API needs nothing changed outside `api/` only if nothing outside was written for the sample."""
    sample = read_api(ROOT / "api", BUILD)
    schema = api_schema.parse(sample.schema, "schema")
    words = {name for name in schema.type_map if re.search("Event|Comment", name)}
    words |= {target.partition(".")[2] for target in sample.resolvers} | {table.name for table in sample.tables}
    words |= {*sample.publications, *(rule.name for rule in sample.bus_rules)}
    words -= {"Event", "events", "region"}  # AWS's words as well: of streams, of EventBridge
    own = re.compile(rf"\b({'|'.join(words)})\b")

    sources = [
        ROOT / "__main__.py",
        *(path for place in ("components", "region") for path in (ROOT / place).rglob("*.*") if path.suffix != ".pyc"),
    ]

    assert {"Comment", "comments", "createEvent", "publishComment", "event-announced"} < words
    assert [str(path) for path in sources if own.search(path.read_text(encoding="utf-8"))] == []

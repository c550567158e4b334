"""What the user's `api/` declares: schema, resolvers, tables, events and more, by convention (api/README.md).

Nothing of it is imported here: sources are parsed, so that deploying needs none of what the API needs to run.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graphql import GraphQLSchema

from components import (
    api_authorization,
    api_bus,
    api_dependencies,
    api_health,
    api_publications,
    api_resolvers,
    api_schema,
    api_subscribers,
    api_subscriptions,
    api_tables,
)
from components.api_error import ApiError
from components.api_files import read_text
from components.packages import all_files, python_files

_PACKAGE = "api"  # the folder's name inside the package too, so imports read alike in tests and in Lambda


@dataclass(frozen=True)
class ApiSource:
    """An API that is known to be consistent.

    Attributes:
        schema: as it is deployed, with the mutation that moves subscribers where there are any.
        resolvers: "Type.field" to "module:function".
        publications: publish mutation to the operation that calls it with an item.
        subscriptions: what clients may subscribe to, as "Type.field".
        health_query: what a region's health check asks of its API.
        files: what its functions need at run time, by their names in a package.
    """

    schema: str
    resolvers: Mapping[str, str]
    tables: tuple[api_tables.Table, ...]
    publications: Mapping[str, str]
    subscriptions: tuple[str, ...]
    bus_rules: tuple[api_bus.Rule, ...]
    health_query: str
    files: Mapping[str, Path]
    dependencies: Mapping[str, Path]

    @property
    def resolver_table(self) -> str:
        """The dispatcher's table, as JSON."""
        return json.dumps(self.resolvers, sort_keys=True)

    @property
    def published(self) -> tuple[api_tables.Table, ...]:
        """The tables whose changes subscribers are told of."""
        return tuple(table for table in self.tables if table.publish)

    @property
    def publish_fields(self) -> tuple[str, ...]:
        """The mutations by which they are told."""
        return tuple(self.publications)

    def outputs(self, table_name: Callable[[str], str]) -> dict[str, Any]:
        """What the stack tells of it to those who operate it; `table_name` gives a table's physical name."""
        told: dict[str, Any] = {"tables": {table.name: table_name(table.name) for table in self.tables}}
        if not self.subscriptions:
            return told
        fields = [target.partition(".")[2] for target in self.subscriptions]
        return {**told, "subscribers": {"mutation": api_subscribers.MOVE, "subscriptions": fields}}


def read_api(folder: Path, build: Path) -> ApiSource:
    """The API that `folder` declares; its dependencies are brought to `build`, once for each lock.

    Raises:
        PackageError: with every file that Python could not import; what such an API resolves is anybody's guess.
        ApiError: with every problem of what it declares, or why dependencies cannot be had.
    """
    files = python_files(folder, f"{_PACKAGE}/")
    schema_file = folder / "schema.graphql"
    if not schema_file.exists():
        raise ApiError([f"{schema_file} is missing: write the API's GraphQL schema there."])
    text = read_text(schema_file)
    schema = api_schema.parse(text, str(schema_file))
    resolvers = api_resolvers.find(folder / "resolvers", _PACKAGE)
    tables = api_tables.read(folder / "tables.yaml")
    publishing = api_publications.fields(tables.tables)
    bus = api_bus.read(folder / "bus.yaml", schema, publishing)
    health = api_health.read(folder / "health.graphql", schema)
    called = {*publishing, *(rule.mutation for rule in bus.rules)}
    in_schema = [
        *api_authorization.problems(schema, called),
        *api_subscribers.problems(schema, resolvers.functions),
        *_unheard(schema, tables, resolvers),
    ]
    # Of tables that are wrong themselves nobody can say by which mutations they publish.
    without_resolver = api_schema.fields_of(schema.mutation_type) if tables.problems else publishing
    problems = [
        *resolvers.problems,
        *api_resolvers.mismatches(resolvers, schema, without_resolver),
        *tables.problems,
        *bus.problems,
        *health.problems,
        *(f"{schema_file}: {problem}" for problem in in_schema),
    ]
    if problems:
        raise ApiError(problems)
    return ApiSource(
        schema=api_subscribers.with_move(text, schema),
        resolvers=resolvers.functions,
        tables=tables.tables,
        publications={field: api_publications.document(schema, resolvers.functions, field) for field in publishing},
        subscriptions=api_subscribers.subscriptions(schema),
        bus_rules=bus.rules,
        health_query=health.text,
        files=files,
        dependencies=all_files(api_dependencies.bundle(folder, build)),
    )


def _unheard(schema: GraphQLSchema, tables: api_tables.Tables, resolvers: api_resolvers.Resolvers) -> Iterator[str]:
    """What keeps changes from the subscribers who wait for them; only of tables that are right themselves."""
    if tables.problems:
        return
    found = list(api_publications.problems(tables.tables, schema, resolvers.functions))
    yield from found
    if not found:
        publishing = api_publications.fields(tables.tables)
        carried = {field: api_publications.carried(schema, resolvers.functions, field) for field in publishing}
        yield from api_subscriptions.problems(schema, carried)

"""What the user's `api/` declares: schema, resolvers, tables and dependencies, found by convention (api/README.md).

Nothing of it is imported here: sources are parsed, so that deploying needs none of what the API needs to run.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from components import api_dependencies, api_resolvers, api_schema, api_tables
from components.api_error import ApiError
from components.api_files import read_text
from components.packages import all_files, python_files

_PACKAGE = "api"  # the folder's name inside the package too, so imports read alike in tests and in Lambda


@dataclass(frozen=True)
class ApiSource:
    """An API that is known to be consistent.

    `resolvers` maps "Type.field" to "module:function"; `files` are what its functions need at run time, by their
    names in a package.
    """

    schema: str
    resolvers: Mapping[str, str]
    tables: tuple[api_tables.Table, ...]
    files: Mapping[str, Path]
    dependencies: Mapping[str, Path]

    @property
    def resolver_table(self) -> str:
        """The dispatcher's table, as JSON."""
        return json.dumps(self.resolvers, sort_keys=True)


def read_api(folder: Path, build: Path) -> ApiSource:
    """The API that `folder` declares; its dependencies are brought to `build`, once for each lock.

    Raises:
        PackageError: with every file that Python could not import; what such an API resolves is anybody's guess.
        ApiError: with every problem of schema, resolvers and tables, or the reason why dependencies cannot be had.
    """
    files = python_files(folder, f"{_PACKAGE}/")
    schema_file = folder / "schema.graphql"
    if not schema_file.exists():
        raise ApiError([f"{schema_file} is missing: write the API's GraphQL schema there."])
    text = read_text(schema_file)
    schema = api_schema.parse(text, str(schema_file))
    resolvers = api_resolvers.find(folder / "resolvers", _PACKAGE)
    problems = [*resolvers.problems, *api_resolvers.mismatches(resolvers, schema)]
    tables = api_tables.read(folder / "tables.yaml")
    if problems or tables.problems:
        raise ApiError([*problems, *tables.problems])
    return ApiSource(
        schema=text,
        resolvers=resolvers.functions,
        tables=tables.tables,
        files=files,
        dependencies=all_files(api_dependencies.bundle(folder, build)),
    )

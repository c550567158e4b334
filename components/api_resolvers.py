"""Which function resolves which field, found in `api/resolvers/` by the names of files and functions."""

import ast
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from graphql import GraphQLObjectType, GraphQLSchema

ENTRY = "resolve"


@dataclass(frozen=True)
class Resolvers:
    """`functions` maps "Type.field" to "module:function"; `problems` are what stands in the way, with remedies.

    A function with a problem is among the functions all the same: its field has a resolver, though not a good one.
    """

    functions: Mapping[str, str]
    problems: tuple[str, ...] = ()


def find(folder: Path, package: str) -> Resolvers:
    """The resolvers of `folder`, which is the module `<package>.resolvers` at run time.

    `<Type>/<field>.py` resolves one field with its function `resolve`; `<Type>.py` resolves a field with each of its
    public functions. Names that begin with an underscore are the API's own helpers.
    """
    functions: dict[str, str] = {}
    problems: list[str] = []
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(folder).with_suffix("").parts
        if any(part.startswith("_") for part in parts):
            continue
        public = _public_functions(path)
        module = ".".join((package, "resolvers", *parts))
        match parts:
            case (kind,):
                if (folder / kind).is_dir():
                    # Python would find the file and never look into the folder.
                    problems.append(f"{path} and the folder {folder / kind} both resolve {kind}: keep one of the two.")
                functions |= {f"{kind}.{field}": f"{module}:{field}" for field in public}
                problems += [f"{path}: {field} {fault}" for field, fault in public.items() if fault]
            case (kind, field):
                functions[f"{kind}.{field}"] = f"{module}:{ENTRY}"
                if fault := public.get(ENTRY, f"is not there, so nothing resolves {kind}.{field}: {_write(ENTRY)}"):
                    problems.append(f"{path}: {ENTRY} {fault}")
            case _:
                problems.append(
                    f"{path} lies too deep: a resolver is <Type>/<field>.py or a function in <Type>.py. "
                    "Begin the name of a helper with an underscore."
                )
    return Resolvers(functions, tuple(problems))


def _public_functions(path: Path) -> dict[str, str]:
    """Name -> what keeps it from being called as a resolver, which is nothing ("") where all is well."""
    found: dict[str, str] = {}
    for node in ast.parse(path.read_bytes(), filename=str(path)).body:
        match node:
            case (ast.FunctionDef() | ast.AsyncFunctionDef()) as function if function.decorator_list:
                found[function.name] = ""  # what a decorator makes of it is not to be read from here
            case ast.FunctionDef(name=name):
                fits = _takes_the_context(node.args)
                found[name] = "" if fits else f"cannot be called with the context alone: {_write(name)}"
            case ast.AsyncFunctionDef(name=name):
                found[name] = f"is async, and nothing in Lambda awaits it: {_write(name)}"
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda()):
                found[name] = f"is a lambda, and only functions made by def are resolvers: {_write(name)}"
    return {name: fault for name, fault in found.items() if not name.startswith("_")}


def _takes_the_context(parameters: ast.arguments) -> bool:
    positional = [*parameters.posonlyargs, *parameters.args]
    needed = len(positional) - len(parameters.defaults)
    return (bool(positional) or parameters.vararg is not None) and needed <= 1 and None not in parameters.kw_defaults


def _write(name: str) -> str:
    return f"write def {name}(context)."


def mismatches(resolvers: Resolvers, schema: GraphQLSchema, publishing: Collection[str]) -> Iterator[str]:
    """Resolvers that the schema has no field for, and fields that can be asked for but have no resolver.

    The mutations in `publishing` get theirs when they are deployed.
    """
    types = {name: kind.fields for name, kind in schema.type_map.items() if isinstance(kind, GraphQLObjectType)}
    own = {name: fields for name, fields in types.items() if not name.startswith("__")}
    for target, function in resolvers.functions.items():
        kind, field = target.split(".", maxsplit=1)
        where = function.split(":", maxsplit=1)[0].replace(".", "/") + ".py"
        if kind not in own:
            yield f"{where} resolves {target}, but the schema has no type {kind}. Types: {', '.join(sorted(own))}."
        elif field not in own[kind]:
            fields = ", ".join(sorted(own[kind]))
            yield f"{where} resolves {target}, but the schema's {kind} has no such field. Fields: {fields}."
    roots = [root for root in (schema.query_type, schema.mutation_type) if root]
    for root in roots:
        for field in root.fields:
            made = root is schema.mutation_type and field in publishing
            if f"{root.name}.{field}" not in resolvers.functions and not made:
                yield (
                    f"{root.name}.{field} has no resolver: write {ENTRY}(context) in "
                    f"api/resolvers/{root.name}/{field}.py, or {field}(context) in api/resolvers/{root.name}.py."
                )

"""Events that come in over the region's EventBridge bus, and the mutations that they become: `bus.yaml`."""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graphql import GraphQLArgument, GraphQLField, GraphQLSchema, get_named_type, is_leaf_type, is_required_argument

from components.api_authorization import IAM, modes
from components.api_error import ApiError
from components.api_files import read_yaml
from components.api_schema import fields_of

_NAME = re.compile(r"[a-z][a-z0-9-]{0,29}")
_PATH = re.compile(r"\$(\.[A-Za-z0-9_-]+)+")
_OPTIONS = ("pattern", "mutation", "arguments")
# "Event structure" in the Amazon EventBridge User Guide; a pattern may also say $or.
_EVENT_FIELDS = (
    "$or",
    "account",
    "detail",
    "detail-type",
    "id",
    "region",
    "replay-name",
    "resources",
    "source",
    "time",
    "version",
)
_EXAMPLE = (
    "things-made:\n  pattern: {source: [com.example.things]}\n  mutation: recordThing\n  arguments: {id: $.detail.id}"
)


@dataclass(frozen=True)
class Rule:
    """Events that fit `pattern` become calls of `mutation`.

    Attributes:
        pattern: EventBridge's event pattern, as JSON.
        operation: the GraphQL operation; its variables are named as the mutation's arguments.
        arguments: argument -> where its value is in the event, as a JSON path.
    """

    name: str
    pattern: str
    mutation: str
    operation: str
    arguments: Mapping[str, str]

    @property
    def template(self) -> str:
        """EventBridge's input template of the variables: it puts a string's quotes around the value by itself."""
        return f"{{{', '.join(f'{json.dumps(name)}: <{name}>' for name in self.arguments)}}}"


@dataclass(frozen=True)
class Rules:
    """`problems` are what stands in the way, with remedies."""

    rules: tuple[Rule, ...] = ()
    problems: tuple[str, ...] = ()


def read(path: Path, schema: GraphQLSchema, publishing: Collection[str]) -> Rules:
    """The rules that the file declares; none where there is no file. `publishing`: the publish mutations."""
    if not path.exists():
        return Rules()
    try:
        content = read_yaml(path) or {}
    except ApiError as error:
        return Rules(problems=error.problems)
    problems = tuple(f"{path}: {problem}" for problem in _problems(content, schema, publishing))
    if problems:
        return Rules(problems=problems)
    return Rules(tuple(_rule(name, declared, schema) for name, declared in content.items()))


def _rule(name: str, declared: Mapping[str, Any], schema: GraphQLSchema) -> Rule:
    mutation, arguments = declared["mutation"], declared["arguments"]
    definition = fields_of(schema.mutation_type)[mutation]
    return Rule(name, json.dumps(declared["pattern"]), mutation, _operation(mutation, definition, arguments), arguments)


def _operation(mutation: str, definition: GraphQLField, arguments: Mapping[str, str]) -> str:
    variables = ", ".join(f"${name}: {definition.args[name].type}" for name in arguments)
    passed = ", ".join(f"{name}: ${name}" for name in arguments)
    call = f"{mutation}({passed})" if passed else mutation
    # Nobody reads the answer; an object's type name costs nothing, and a leaf takes no selection.
    selection = "" if is_leaf_type(get_named_type(definition.type)) else " { __typename }"
    return f"mutation{f' ({variables})' if variables else ''} {{ {call}{selection} }}"


def _problems(content: Any, schema: GraphQLSchema, publishing: Collection[str]) -> Iterator[str]:
    if not isinstance(content, Mapping):
        yield f"the file maps rules to patterns and mutations; found {content!r}. For example:\n{_EXAMPLE}"
        return
    for name, declared in content.items():
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            yield (
                f"{name!r} cannot be a rule's name: lower-case letters, digits and hyphens, a letter first, "
                "at most 30 characters."
            )
        elif not isinstance(declared, Mapping) or set(declared) != set(_OPTIONS):
            found = ", ".join(map(str, declared)) if isinstance(declared, Mapping) else repr(declared)
            yield f"rule {name} has {found or 'nothing'}; a rule has {', '.join(_OPTIONS)}. For example:\n{_EXAMPLE}"
        else:
            yield from (f"rule {name}: {problem}" for problem in _pattern_problems(declared["pattern"]))
            yield from (f"rule {name}: {problem}" for problem in _call_problems(declared, schema, publishing))


def _pattern_problems(pattern: Any) -> Iterator[str]:
    if not isinstance(pattern, Mapping) or not pattern:
        yield f"the pattern is {pattern!r}; it maps fields of the event to lists of values: {{source: [com.example]}}."
        return
    for field in pattern:
        if field not in _EVENT_FIELDS:
            yield f"no event has a field {field!r}, so none would fit. Fields: {', '.join(_EVENT_FIELDS)}."
    yield from _value_problems("pattern", pattern)


def _value_problems(where: str, value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _value_problems(f"{where}.{name}", inner)
    elif not isinstance(value, list) or not value:
        yield f"{where} is {value!r}; EventBridge takes a list of the values that fit: [{value or 'value'}]."
    else:
        try:
            json.dumps(value)
        except TypeError:
            yield f"{where} is {value!r}, which JSON does not have: put the value in quotes."


def _call_problems(declared: Mapping[str, Any], schema: GraphQLSchema, publishing: Collection[str]) -> Iterator[str]:
    mutation, arguments = declared["mutation"], declared["arguments"]
    mutations = fields_of(schema.mutation_type)
    if schema.mutation_type is None or not isinstance(mutation, str) or mutation not in mutations:
        yield f"there is no mutation {mutation!r}. Mutations: {', '.join(sorted(mutations)) or 'none'}."
        return
    if mutation in publishing:
        yield (
            f"{mutation} publishes to this region's subscribers alone. Name a mutation that writes a table: "
            "its change is published in every region."
        )
    if IAM not in modes(schema.mutation_type, mutation):
        yield f"the mutation {mutation} is closed to EventBridge, which calls by IAM: write @{IAM} behind it."
    yield from _argument_problems(mutation, mutations[mutation].args, arguments)


def _argument_problems(mutation: str, taken: Mapping[str, GraphQLArgument], arguments: Any) -> Iterator[str]:
    if not isinstance(arguments, Mapping):
        yield f"arguments are {arguments!r}; they map arguments to places in the event, such as {{id: $.detail.id}}."
        return
    for name, path in arguments.items():
        if name not in taken:
            yield f"{mutation} takes no argument {name!r}. Arguments: {', '.join(taken) or 'none'}."
        elif not isinstance(path, str) or not _PATH.fullmatch(path):
            yield f"the argument {name} is {path!r}; it is a place in the event, such as $.id or $.detail.{name}."
    for name, argument in taken.items():
        if is_required_argument(argument) and name not in arguments:
            yield f"{mutation} needs the argument {name}: say where the event has it, such as {name}: $.detail.{name}."

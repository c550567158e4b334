"""Events that come in over the region's EventBridge bus, and the mutations that they become: `bus.yaml`."""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLNonNull,
    GraphQLSchema,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)

from components import api_event_patterns, api_event_presence
from components.api_authorization import IAM, modes
from components.api_error import ApiError
from components.api_files import read_yaml
from components.api_schema import fields_of

_NAME = re.compile(r"[a-z][a-z0-9-]{0,29}")
_DETAIL = f"$.{api_event_patterns.DETAIL}"
_ELSEWHERE = tuple(f"$.{field}" for field in api_event_patterns.FIELDS if field != api_event_patterns.DETAIL)
_WITHIN_DETAIL = re.compile(rf"{re.escape(_DETAIL)}(\.[A-Za-z0-9_-]+)*")
_NOT_ALWAYS_THERE = "$.replay-name"
_OPTIONS = ("pattern", "mutation", "arguments")
_EXAMPLE = (
    "things-made:\n  pattern: {source: [com.example.things]}\n  mutation: recordThing\n  arguments: {id: $.detail.id}"
)


@dataclass(frozen=True)
class Rule:
    """Events that fit `pattern` become calls of `mutation`.

    Attributes:
        pattern: EventBridge's event pattern, as JSON: the declared one, for those of its events that have what the
            mutation needs.
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
    pattern = api_event_patterns.as_json(_deployed(declared["pattern"], definition.args, arguments))
    return Rule(name, pattern, mutation, _operation(mutation, definition, arguments), arguments)


def _deployed(
    pattern: Mapping[str, Any], taken: Mapping[str, GraphQLArgument], arguments: Mapping[str, str]
) -> Mapping[str, Any]:
    for _, path in _needed(taken, arguments):
        pattern = api_event_presence.demanding(pattern, path)
    return pattern


def _needed(taken: Mapping[str, GraphQLArgument], arguments: Mapping[str, str]) -> Iterator[tuple[str, list[str]]]:
    """Arguments that must have a value, each with the event's fields that lead to it, where an event may lack them.

    Lists and input objects are left out: to EventBridge an empty list, and any object, is a field that is not there.
    """
    for name, path in arguments.items():
        kind = taken[name].type
        may_be_lacking = path == _NOT_ALWAYS_THERE or path not in _ELSEWHERE
        if may_be_lacking and isinstance(kind, GraphQLNonNull) and is_leaf_type(kind.of_type):
            yield name, path.split(".")[1:]


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
            yield from (f"rule {name}: {problem}" for problem in _rule_problems(declared, schema, publishing))


def _rule_problems(declared: Mapping[str, Any], schema: GraphQLSchema, publishing: Collection[str]) -> Iterator[str]:
    pattern, arguments = declared["pattern"], declared["arguments"]
    found = [*api_event_patterns.problems(pattern), *_call_problems(declared, schema, publishing)]
    yield from found
    if found:
        return
    taken = fields_of(schema.mutation_type)[declared["mutation"]].args
    for name, path in _needed(taken, arguments):
        if api_event_presence.fits_absence(pattern, path):
            yield (
                f"the pattern has {{exists: false}} at {arguments[name]}, and {declared['mutation']} needs the "
                f"argument {name} from there: take it out, or give the argument from elsewhere."
            )
    length = len(api_event_patterns.as_json(_deployed(pattern, taken, arguments)))
    if length > api_event_patterns.LONGEST:
        yield (
            f"the pattern has {length} characters as JSON, with what the mutation's arguments add to it; EventBridge "
            f"takes at most {api_event_patterns.LONGEST}. Make two rules of it."
        )


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
        elif not isinstance(path, str) or not (path in _ELSEWHERE or _WITHIN_DETAIL.fullmatch(path)):
            yield (
                f"the argument {name} is {path!r}; it is a place in the event: {_DETAIL}.{name}, or one of "
                f"{', '.join(_ELSEWHERE)}."
            )
        elif path == _DETAIL and is_leaf_type(get_named_type(taken[name].type)):
            yield (
                f"the argument {name} is {path}, an object, and {mutation} takes {taken[name].type}: name a field in "
                f"it, such as {_DETAIL}.{name}."
            )
    for name, argument in taken.items():
        if is_required_argument(argument) and name not in arguments:
            yield f"{mutation} needs the argument {name}: say where the event has it, such as {name}: $.detail.{name}."

"""As much of GraphQL's schema language as the rules read: types, their fields, and the directives on both.

Source: the grammar of "Type System" in the GraphQL specification (October 2021). What is no schema yields what can be
made of it: AppSync itself refuses it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

_TOKEN = re.compile(
    r'"""(?:\\"""|.)*?"""'  # a block string
    r'|"(?:\\.|[^"\\\n])*"'
    r"|#[^\n]*"
    r"|[A-Za-z_][A-Za-z0-9_]*"
    r"|[-0-9.eE+]+"
    r"|[{}()\[\]@:=!|&$]",
    re.DOTALL,
)
_ROOTS = {"query": "Query", "mutation": "Mutation", "subscription": "Subscription"}
_CLOSING = {"(": ")", "{": "}", "[": "]"}


@dataclass(frozen=True)
class Directive:
    """`arguments` has the texts in each argument's value: of a list, every one."""

    name: str
    arguments: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class ObjectType:
    """`fields` maps the names of a type's fields to their directives."""

    directives: tuple[Directive, ...]
    fields: Mapping[str, tuple[Directive, ...]]


@dataclass
class Schema:
    """`types` are the object types, extensions included; `roots` the names of those of the three operations."""

    types: dict[str, ObjectType] = field(default_factory=dict)
    roots: dict[str, str] = field(default_factory=lambda: dict(_ROOTS))

    def fields(self, operation: str) -> Mapping[str, tuple[Directive, ...]]:
        """The fields of the type of an operation: `query`, `mutation` or `subscription`."""
        root = self.types.get(self.roots[operation])
        return root.fields if root else {}

    def subscribed_by(self, subscription: str) -> tuple[str, ...]:
        """The mutations that a field of the subscriptions names by AppSync's `@aws_subscribe`."""
        directives = self.fields("subscription")[subscription]
        return tuple(
            mutation
            for directive in directives
            if directive.name == "aws_subscribe"
            for mutation in directive.arguments.get("mutations", ())
        )

    @property
    def subscribed(self) -> set[str]:
        """All mutations that subscriptions name."""
        return {mutation for field_name in self.fields("subscription") for mutation in self.subscribed_by(field_name)}

    @property
    def directives(self) -> Iterator[tuple[str, Directive]]:
        """Every directive with the place that carries it: `Type` or `Type.field`."""
        for name, kind in self.types.items():
            yield from ((name, directive) for directive in kind.directives)
            for field_name, directives in kind.fields.items():
                yield from ((f"{name}.{field_name}", directive) for directive in directives)


@cache  # the schemas of the regions are the same text
def parse(text: str) -> Schema:
    """The schema that the text declares."""
    return _Parser([token for token in _TOKEN.findall(text) if not token.startswith("#")]).schema()


class _Parser:
    def __init__(self, tokens: list[str]) -> None:
        self._tokens, self._at = tokens, 0

    def schema(self) -> Schema:
        found = Schema()
        while self._next:
            match self._take():
                case "type":
                    self._object_type(found)
                case "schema":
                    self._directives()
                    self._operations(found)
                case "(" | "{" | "[" as opening:
                    self._skip_to(_CLOSING[opening])
        return found

    @property
    def _next(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self) -> str:
        token = self._next
        self._at += 1
        return token

    def _object_type(self, schema: Schema) -> None:
        name = self._take()
        while self._next and self._next not in ("@", "{") and not _begins_a_definition(self._next):
            self._take()  # `implements A & B`
        directives = self._directives()
        fields: dict[str, tuple[Directive, ...]] = {}
        if self._next == "{":
            self._take()
            while self._next and self._next != "}":
                self._field(fields)
            self._take()
        before = schema.types.get(name, ObjectType((), {}))
        schema.types[name] = ObjectType((*before.directives, *directives), {**before.fields, **fields})

    def _field(self, fields: dict[str, tuple[Directive, ...]]) -> None:
        name = self._take()
        if name.startswith('"'):
            return  # a description
        if self._next == "(":
            self._take()
            self._skip_to(")")
        if self._next != ":":
            return
        self._take()
        while self._next == "[":
            self._take()
        self._take()
        while self._next in ("]", "!"):
            self._take()
        fields[name] = self._directives()

    def _directives(self) -> tuple[Directive, ...]:
        found = []
        while self._next == "@":
            self._take()
            name = self._take()
            arguments: dict[str, tuple[str, ...]] = {}
            if self._next == "(":
                self._take()
                self._arguments(arguments)
            found.append(Directive(name, arguments))
        return tuple(found)

    def _arguments(self, arguments: dict[str, tuple[str, ...]]) -> None:
        while self._next and self._next != ")":
            name = self._take()
            if self._next == ":":
                self._take()
            start = self._at
            if self._take() in _CLOSING:
                self._skip_to(_CLOSING[self._tokens[start]])
            texts = [token for token in self._tokens[start : self._at] if token.startswith('"')]
            arguments[name] = tuple(text.strip('"') for text in texts)
        self._take()

    def _operations(self, schema: Schema) -> None:
        if self._next != "{":
            return
        self._take()
        while self._next and self._next != "}":
            operation = self._take()
            if self._next == ":":
                self._take()
                schema.roots[operation] = self._take()
        self._take()

    def _skip_to(self, closing: str) -> None:
        """Behind the bracket that closes what has been opened."""
        while self._next and self._next != closing:
            token = self._take()
            if token in _CLOSING:
                self._skip_to(_CLOSING[token])
        self._take()


def _begins_a_definition(token: str) -> bool:
    return token in {"type", "input", "enum", "union", "scalar", "interface", "schema", "directive", "extend"}

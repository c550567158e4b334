"""A stack's resources as the rules see them, whether a preview, a deployment or an exported state shows them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from inspect import isgeneratorfunction
from typing import Any, TypeVar, cast

from pulumi_policy import PolicyResource, ResourceValidationArgs

from .kinds import CERTIFICATE_VALIDATION
from .known import UNKNOWN, Properties, Unknown, plain

# Resources whose own output is one of their inputs, so that a reference to them is one to what they refer to.
_PASSES_ON = {CERTIFICATE_VALIDATION: "certificateArn"}

# Outputs that other resources are given to name a resource by.
_NAMES = ("arn", "qualifiedArn", "id", "name", "functionName", "bucket", "url")


Of = TypeVar("Of", "Stack", "Resource")
Found = TypeVar("Found")


class Resource(Properties):
    """A resource with its properties, and what they refer to.

    `read` tells what the program gave, and what AWS has filled in where that is known: what only AWS would fill in is
    None, as if it were not there.

    Attributes:
        name: the logical name.
        stack: what it belongs to.
        urn: as the engine names it.
    """

    def __init__(self, seen: "PolicyResource | ResourceValidationArgs", stack: "Stack") -> None:
        super().__init__(seen.props, seen.resource_type)
        self._seen, self.stack = seen, stack
        self._peeked: dict[str, Any] = {}
        self.name, self.urn = seen.name, seen.urn

    def peek(self, key: str) -> Any:
        # Many rules ask for the same properties, and what is nested is long to read.
        if key not in self._peeked:
            self._peeked[key] = super().peek(key)
        return self._peeked[key]

    @property
    def parent(self) -> "Resource | None":
        """The resource that it is a child of, such as a component; None for the root, and in resource rules."""
        parent = self._seen.parent if isinstance(self._seen, PolicyResource) else None
        return self.stack.resource(parent) if parent else None

    def output(self, key: str) -> Any:
        """What AWS makes, such as an ARN: UNKNOWN until it has."""
        value = plain(super()._value(key))
        return UNKNOWN if value is None else value

    def states(self, key: str) -> bool:
        """Whether the program gave the property, by what is known before a deployment; after one AWS may have."""
        if not isinstance(self._seen, PolicyResource):
            return key in self.keys()
        # The engine tells what a property depends on only where that is something.
        return key in self._seen.property_dependencies or super()._value(key) not in (None, UNKNOWN)

    def sources(self, key: str, *kinds: str, value: Any = UNKNOWN) -> "list[Resource]":
        """The resources of these kinds that the property at `key` refers to; with a known `value`, that this one names.

        By what the property depends on, which is known before any of them exists; so there may be several where the
        value is not known. By an output that equals the value where the engine tells no dependencies.
        """
        found = [each for each in self._origins(key) if each.kind in kinds]
        if value is UNKNOWN:
            return found
        named = [each for each in found or self.stack.of(*kinds) if value in _names(each)]
        return named or [each for each in found if all(name is UNKNOWN for name in _names(each)[:3])]

    def needs(self, *kinds: str) -> "list[Resource]":
        """The resources of these kinds that this one depends on, by whatever property."""
        seen = self._seen.dependencies if isinstance(self._seen, PolicyResource) else []
        found = {each.urn: self.stack.resource(each) for each in seen}
        return [each for each in found.values() if each.kind in kinds]

    def refers_to(self, *kinds: str) -> "list[Resource]":
        """The resources of these kinds that a property of this one refers to, by what is known before they exist."""
        if not isinstance(self._seen, PolicyResource):
            return []
        seen = {each.urn: each for found in self._seen.property_dependencies.values() for each in found}
        return [self.stack.resource(each) for each in seen.values() if each.resource_type in kinds]

    @property
    def region(self) -> str | Unknown | None:
        """The AWS region that it lies in: its own, else its provider's; None for what takes none."""
        own = self.peek("region")
        if own is not None or self.states("region"):
            return own if isinstance(own, str) else UNKNOWN
        if self._seen.provider is None:
            return None
        inherited = Properties(self._seen.provider.props, self._seen.provider.resource_type).peek("region")
        return inherited if isinstance(inherited, str) else None

    def _value(self, key: str) -> Any:
        value = super()._value(key)
        # A preview calls unknown what AWS will fill in, too; what the program gave is unknown by what it depends on.
        return None if value is UNKNOWN and not self.states(key) else value

    def _origins(self, key: str) -> "list[Resource]":
        if not isinstance(self._seen, PolicyResource):
            return []
        found: dict[str, Resource] = {}
        todo = [*self._seen.property_dependencies.get(key, [])]
        while todo:
            each = todo.pop(0)
            if each.urn not in found:
                found[each.urn] = self.stack.resource(each)
                passed_on = _PASSES_ON.get(each.resource_type, "")
                todo += each.property_dependencies.get(passed_on, [])
        return list(found.values())


class Stack:
    """All resources of a stack in stack rules; in resource rules the one that is judged.

    Attributes:
        settings: the rule's config.
        facts: what has been found out of it, for `once`.
    """

    def __init__(self, seen: "Iterable[PolicyResource | ResourceValidationArgs]", settings: Mapping[str, Any]) -> None:
        self.settings = settings
        self.facts: dict[Any, Any] = {}
        self._by_urn: dict[str, Resource] = {}
        self._by_kind: dict[str, list[Resource]] = {}
        for each in seen:
            self.resource(each)

    def of(self, *kinds: str) -> list[Resource]:
        """The resources of these types."""
        return [each for kind in kinds for each in self._by_kind.get(kind, [])]

    @property
    def resources(self) -> list[Resource]:
        return list(self._by_urn.values())

    def resource(self, seen: "PolicyResource | ResourceValidationArgs") -> Resource:
        """The resource that the engine shows as `seen`."""
        if seen.urn not in self._by_urn:
            made = self._by_urn[seen.urn] = Resource(seen, self)
            self._by_kind.setdefault(made.kind, []).append(made)
        return self._by_urn[seen.urn]


_shared: list[tuple[Sequence[PolicyResource], Stack]] = []  # of the resources that were shown last


def shared_stack(seen: Sequence[PolicyResource], settings: Mapping[str, Any]) -> Stack:
    """The stack of these resources: the same for all rules that are shown this very list and told the same.

    What one rule finds in it by `once` need not be found again for another, unless its settings may make it differ. A
    host that shows each rule a list of its own gets a stack for each.
    """
    of_these = [each for each in _shared if each[0] is seen]
    found = next((stack for _, stack in of_these if stack.settings == settings), None)
    if found is None:
        found = Stack(seen, settings)
        _shared[:] = [*of_these, (seen, found)]
    return found


def once(find: Callable[[Of], Found]) -> Callable[[Of], Found]:
    """`find`, done once for each stack or resource: one fact is often asked for by many, and code is long to read."""
    many = isgeneratorfunction(find)

    @wraps(find)
    def found(of: Of) -> Found:
        facts = of.facts if isinstance(of, Stack) else of.stack.facts
        if (find, of) not in facts:
            fact: Any = find(of)
            facts[find, of] = [*fact] if many else fact
        kept: Any = facts[find, of]
        return cast("Found", iter(kept) if many else kept)

    return found


@once
def _names(resource: Resource) -> list[Any]:
    return [resource.output(name) for name in _NAMES]

"""A deployment as the engine shows it to a policy pack, before any of it is made."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any

from policy.rules.serving.reading import shown


@dataclass(frozen=True)
class Options:
    """What the program told the engine of a resource."""

    protect: bool = False
    ignore_changes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Resource:
    """A resource; its properties are as they were sent, so assets and what is unknown have the engine's marks.

    Attributes:
        inputs: as resource rules see them.
        outputs: as stack rules see them.
        property_dependencies: the URNs that each property refers to, for those that refer to any.
        provider: the URN of its provider.
    """

    type: str
    name: str
    urn: str
    parent: str | None
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]
    dependencies: tuple[str, ...] = ()
    property_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    provider: str | None = None
    options: Options = field(default_factory=Options)

    @cached_property
    def shown_inputs(self) -> Any:
        """As the pack's server shows them to a rule."""
        return shown(self.inputs)

    @cached_property
    def shown_outputs(self) -> Any:
        return shown(self.outputs)


@dataclass(frozen=True, eq=False)
class Deployment:
    """All resources of a stack, by URN."""

    name: str
    resources: Mapping[str, Resource]

    def __iter__(self) -> Iterator[Resource]:
        return iter(self.resources.values())

    def find(self, selector: str) -> list[Resource]:
        """The resources that `selector` names: a type, or a type and a name, in which a * stands for any text."""
        kind, _, name = selector.partition(" ")
        return [each for each in self if each.type == kind and fnmatchcase(each.name, name or "*")]

    def named(self, name: str) -> list[Resource]:
        """The resources of this name, whatever their type; a type before it, if there is one, narrows it."""
        if " " in name:
            return self.find(name)
        return [each for each in self if each.name == name]

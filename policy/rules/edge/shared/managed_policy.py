"""Rules that want one of CloudFront's managed policies on every behaviour that carries the router."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...shared.known import UNKNOWN, NotKnownError
from ...shared.router import Behaviour
from ...shared.stack import Resource
from ...shared.verdict import Verdict, Violation


@dataclass(frozen=True, kw_only=True)
class ManagedPolicy:
    """A managed policy that a property of each routed behaviour must name.

    Attributes:
        key: the behaviour's property.
        kind: the type of the resources that the property may name instead: policies of the program's own.
        name: AWS's name of the policy.
        id: its identifier, the same in every account.
        why: what goes wrong without it, as the end of a sentence.
        as_good: other managed policies that do what it does, by their identifiers.
        does_it: whether a policy of the program's own does, too.
        lookalikes: others that are taken instead of it and do not, identifier to name.
    """

    key: str
    kind: str
    name: str
    id: str
    why: str
    does_it: Callable[[Resource], bool]
    as_good: frozenset[str] = frozenset()
    lookalikes: Mapping[str, str] = field(default_factory=dict)

    def judge(self, behaviour: Behaviour) -> Iterator[Verdict]:
        found = behaviour.props.peek(self.key)
        if found == self.id or found in self.as_good:
            return
        own = behaviour.distribution.sources(behaviour.props.place.partition("[")[0], self.kind, value=found)
        if found is UNKNOWN and not own:
            raise NotKnownError(f"{behaviour.props.place}.{self.key}")
        if own and all(map(self.does_it, own)):
            return
        what = f"a policy of your own ('{own[0].name}')" if own else self._described(found)
        yield Violation(
            behaviour.distribution,
            f"{self.key} is {what}, so {self.why}.",
            f'Set {self.key} to "{self.id}" ({self.name}).',
            behaviour.props.place,
        )

    def _described(self, found: Any) -> str:
        return f'"{found}" ({self.lookalikes.get(found, "not " + self.name)})' if found else "not set"

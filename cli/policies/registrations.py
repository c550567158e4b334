"""Where in the project's code each resource is registered.

The engine's events do not tell it, and an exported state only where the program lies beside its Pulumi.yaml; the SDK
calls a transformation from within each registration, whose callers are the answer.
"""

import inspect
import sys
import traceback
from dataclasses import dataclass, field
from pathlib import Path

import pulumi
from pulumi import ResourceTransformationArgs

from cli.policies.findings import Location


@dataclass
class Registrations:
    """Gathers the places of one run of the program below `root`."""

    root: Path
    _places: dict[tuple[str, str], Location] = field(default_factory=dict)

    def watch(self) -> None:
        """From now on, in the program that runs in this process."""
        pulumi.runtime.register_stack_transformation(self._note)

    def of(self, urn: str) -> Location | None:
        """The innermost line of the project's own that registers the resource, None where there is none."""
        *_, kinds, name = urn.split("::")
        return self._places.get((kinds.rpartition("$")[2], name))

    def _note(self, args: ResourceTransformationArgs) -> None:
        place = next(filter(None, map(self._location, traceback.walk_stack(inspect.currentframe()))), None)
        if place:
            self._places.setdefault((args.type_, args.name), place)

    def _location(self, frame: tuple[object, int]) -> Location | None:
        file = Path(frame[0].f_code.co_filename)  # type: ignore[attr-defined]
        if file == Path(__file__) or not file.is_relative_to(self.root) or file.is_relative_to(sys.prefix):
            return None
        return Location(str(file.relative_to(self.root)), frame[1])

"""Where in the project's code each resource is registered.

The engine's events do not tell it, and an exported state only where the program lies beside its Pulumi.yaml; the SDK
calls a transformation from within each registration, whose callers are the answer.
"""

import inspect
import sys
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
    _paths: dict[str, str | None] = field(default_factory=dict)
    """By a file that code is from, its path in the project; a registration has dozens of callers, of a few files."""

    def watch(self) -> None:
        """From now on, in the program that runs in this process."""
        pulumi.runtime.register_stack_transformation(self._note)

    def of(self, urn: str) -> Location | None:
        """The innermost line of the project's own that registers the resource, None where there is none."""
        *_, kinds, name = urn.split("::")
        return self._places.get((kinds.rpartition("$")[2], name))

    def _note(self, args: ResourceTransformationArgs) -> None:
        frame = inspect.currentframe()
        while frame:
            if path := self._path(frame.f_code.co_filename):
                self._places.setdefault((args.type_, args.name), Location(path, frame.f_lineno))
                return
            frame = frame.f_back

    def _path(self, name: str) -> str | None:
        """Where the file lies in the project; None where it is not the project's own."""
        if name not in self._paths:
            file = Path(name)
            is_own = file.is_relative_to(self.root) and not file.is_relative_to(sys.prefix)
            self._paths[name] = str(file.relative_to(self.root)) if is_own and file != Path(__file__) else None
        return self._paths[name]

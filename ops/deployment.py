"""A deployed stack as operations see it: what it told of itself, and the ways to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ops.clients import Clients
from ops.errors import OperationError
from ops.pace import Pace
from ops.reach import Reach


@dataclass(frozen=True)
class Deployment:
    """A stack with these outputs, its AWS, its hosts, and how fast time passes there.

    Its clients give up soon on a region that is dead.
    """

    outputs: Mapping[str, Any]
    clients: Clients
    reach: Reach
    pace: Pace

    @property
    def regions(self) -> Mapping[str, str]:
        """Region keys to AWS regions; in no order of the config's, which outputs do not keep."""
        regions: Mapping[str, str] = self.outputs["regions"]
        return regions

    def others(self, key: str) -> dict[str, str]:
        """All regions but `key`, those that follow it first, so that not all turn to the same one."""
        keys = list(self.regions)
        place = keys.index(key) if key in keys else 0
        return {other: self.regions[other] for other in keys[place:] + keys[:place] if other != key}

    def require(self, key: str) -> None:
        """Makes sure that there is such a region.

        Raises:
            OperationError: there is none.
        """
        if key not in self.regions:
            raise OperationError(
                f"{key!r} is no region of this stack.", f"Name one of its keys: {', '.join(self.regions)}."
            )

    def told(self, name: str) -> Any:
        """The output `name`.

        Raises:
            OperationError: the stack does not have it, as it was deployed by an older version of this project.
        """
        if name not in self.outputs:
            raise OperationError(
                f"The stack has no output {name!r}: it was deployed by an older version of this project.",
                "Deploy this one with antipodes up, then run the command again.",
            )
        return self.outputs[name]

"""Where things lie in a checkout."""

from dataclasses import dataclass
from pathlib import Path

NAME = "antipodes"
"""As Pulumi.yaml has it."""


@dataclass(frozen=True)
class Project:
    """A checkout of this project; all paths are absolute."""

    root: Path

    @property
    def program(self) -> Path:
        return self.root / "__main__.py"

    @property
    def policy_pack(self) -> Path:
        return self.root / "policy"

    @property
    def shims(self) -> Path:
        """Executables that the engine looks for on PATH."""
        return self.root / "cli" / "shims"

    @property
    def tools(self) -> Path:
        """Holds bin/pulumi once it had to be built."""
        return self.root / ".tools"

    @property
    def go_module(self) -> Path:
        return self.root / "tools"

    @property
    def sandbox(self) -> Path:
        return self.root / ".sandbox"

    def stack_file(self, stack: str) -> Path:
        return self.root / f"Pulumi.{stack}.yaml"

    def stacks(self) -> list[str]:
        """The names of the stacks that have a file."""
        return sorted(path.name.split(".", 1)[1].removesuffix(".yaml") for path in self.root.glob("Pulumi.*.yaml"))


HERE = Project(Path(__file__).resolve().parent.parent)

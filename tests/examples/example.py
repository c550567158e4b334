import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

_SECONDS = 300


@dataclass(frozen=True)
class Example:
    """The example's folder, in a checkout whose stack is up or in this project itself."""

    folder: Path
    environment: dict[str, str]

    def run(self, *command: str) -> None:
        """Runs what must succeed there."""
        result = subprocess.run(
            command,
            cwd=self.folder,
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
        assert result.returncode == 0, f"{' '.join(command)}: exit {result.returncode}\n{result.stdout}"

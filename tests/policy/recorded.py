"""What the engine shows a policy pack of previewed programs, as it was recorded: the fixtures of the rules' tests.

The real engine previews a program with the offline provider and the pack in `recorder/`. That is done once: a recording
is kept in .build/recordings, under a name that holds a hash of all that it depends on, and shared by all processes.
"""

import fcntl
import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tests.policy.deployment import Deployment, Options, Resource

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
DIGITS = 16
STORE = ROOT / ".build" / "recordings"
PROGRAMS = HERE / "programs"

_PLACES = {
    "ireland": "eu-west-1",
    "sydney": "ap-southeast-2",
    "virginia": "us-east-1",
    "tokyo": "ap-northeast-1",
    "saopaulo": "sa-east-1",
}
# Every recording depends on these, and those of the project's own program on the others too.
_COMMON: tuple[str, ...] = (
    "requirements.lock",
    "sandbox/offline*.py",
    "sandbox/provider_types.py",
    "sandbox/provider/wire.py",
)
_COMMON += ("tests/policy/recorder/*", "tests/policy/recording.py")
_OURS = ("__main__.py", "Pulumi.yaml", "components/*.py", "edge/*/*", "region/**/*", "api/**/*", "geography/**/*")


@dataclass(frozen=True)
class Source:
    """A program and the config that it is previewed with."""

    program: Path
    config: Mapping[str, Any] = field(default_factory=lambda: {"aws:region": "us-east-1"})

    @property
    def is_ours(self) -> bool:
        return self.program == ROOT / "__main__.py"


def _ours(regions: int = 2, **settings: Any) -> Source:
    chosen = dict(list(_PLACES.items())[:regions])
    config = {"domain": "example.com", "data": "replicated", "home": "ireland", "regions": chosen, **settings}
    given = {f"antipodes:{key}": value for key, value in config.items() if value is not None}
    return Source(ROOT / "__main__.py", {"aws:region": "us-east-1", **given})


SOURCES: dict[str, Source] = {
    **{f"ours-{count}": _ours(count) for count in (1, 2, 3, 5)},
    "protected": _ours(protected=True),
    "location": _ours(routing="location"),
    "function": _ours(router="function"),
    "regional": _ours(data="regional", home=None),
    **{path.stem: Source(path) for path in sorted(PROGRAMS.glob("[a-z]*.py"))},
}
# What a stack tells the rules of itself.
SETTINGS: dict[str, dict[str, dict[str, Any]]] = {"ours-1": {"regions-at-least-two": {"minimum": 1}}}
OURS = [name for name, source in SOURCES.items() if source.is_ours]


@cache
def recording(name: str) -> Deployment:
    """What the engine showed of the program; it is recorded first where that was not done."""
    file = file_of(name)
    if not file.exists():
        _record_missing()
    shown = json.loads(file.read_text(encoding="utf-8"))
    return Deployment(name, {each["urn"]: _resource(each) for each in shown})


def _record_missing() -> None:
    """One process records all that is not there: by itself, for the engine's SDK is the whole process's."""
    STORE.mkdir(parents=True, exist_ok=True)
    with _alone():
        missing = [name for name in SOURCES if not file_of(name).exists()]
        if missing:
            command = [sys.executable, "-m", "tests.policy.recording", *missing]
            result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
            assert result.returncode == 0, result.stdout + result.stderr


@contextmanager
def _alone() -> Iterator[None]:
    with (STORE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _resource(shown: Mapping[str, Any]) -> Resource:
    options = shown.get("options", {})
    dependencies = shown.get("propertyDependencies", {})
    return Resource(
        type=shown["type"],
        name=shown["name"],
        urn=shown["urn"],
        parent=shown.get("parent"),
        inputs=shown["inputs"],
        outputs=shown.get("properties", {}),
        dependencies=tuple(shown.get("dependencies", ())),
        property_dependencies={key: tuple(value["urns"]) for key, value in dependencies.items()},
        provider=shown.get("provider", {}).get("urn"),
        options=Options(protect=options.get("protect", False), ignore_changes=tuple(options.get("ignoreChanges", ()))),
    )


@cache
def file_of(name: str) -> Path:
    """Where the recording is kept."""
    source = SOURCES[name]
    patterns = _COMMON + (_OURS if source.is_ours else (str(source.program.relative_to(ROOT)),))
    digest = hashlib.sha256(json.dumps(source.config, sort_keys=True).encode())
    for pattern in patterns:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return STORE / f"{name}-{digest.hexdigest()[:DIGITS]}.json"


def _show(name: str, selector: str | None) -> Iterator[str]:
    deployment = recording(name)
    if selector is None:
        yield from sorted(f"{each.type} {each.name}" for each in deployment)
        return
    for each in deployment.find(selector):
        refers = {key: [urn.rpartition("::")[2] for urn in urns] for key, urns in each.property_dependencies.items()}
        yield f"{each.type} {each.name}\n{json.dumps({**each.inputs}, indent=2)}\nrefers: {json.dumps(refers)}"


if __name__ == "__main__":
    for line in _show(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None):
        print(line)  # noqa: T201 - for whoever writes edits

"""What a killed `up` leaves behind, and how the next command clears it: a lock, and creates of unknown outcome."""

import json
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pulumi.automation import Deployment

from cli.engine import Engine
from cli.errors import CommandError
from cli.stack_state import StateFile

_ENGINES_OWN = "pulumi:"  # such as the provider itself, of which AWS knows nothing and which is made anew

Find = Callable[[str, dict[str, Any]], str | None]


@dataclass(frozen=True)
class Recovered:
    """Names of the resources that were found made, and of those that were found not made."""

    adopted: tuple[str, ...]
    dropped: tuple[str, ...]


def clear_dead_lock(engine: Engine, backend: Path) -> bool:
    """Removes the stack's lock if the process that took it is gone; True if there was one.

    Raises:
        CommandError: the process lives.
    """
    locks = [json.loads(path.read_text(encoding="utf-8")) for path in _locks(backend, engine.settings.stack)]
    for lock in locks:
        if lock.get("hostname") != socket.gethostname() or _alive(int(lock["pid"])):
            raise CommandError(
                f"another command (process {lock['pid']} on {lock.get('hostname')}) is at work on stack "
                f"{engine.settings.stack}. Wait for it, or stop it."
            )
    if locks:
        engine.cancel()
    return bool(locks)


def resolve_pending(engine: Engine, backend: Path, find: Find) -> Recovered:
    """Settles each create whose outcome the engine never learned, then refreshes the state.

    What `find` sees in AWS is taken into the state under its id, so that nothing is made twice; what it does
    not see was never made, and the next `up` makes it. The refresh also mends half-done updates and deletes.
    """
    if _nothing_pending(backend, engine.settings.stack):
        return Recovered((), ())
    deployment = engine.export()
    state = dict(deployment.deployment or {})
    pending = state.get("pending_operations") or []
    if not pending:
        return Recovered((), ())
    resources = list(state.get("resources") or [])
    adopted, dropped = [], []
    for operation in pending:
        resource = operation["resource"]
        if operation["type"] != "creating" or not resource.get("custom") or resource["type"].startswith(_ENGINES_OWN):
            continue
        identity = find(resource["type"], resource.get("inputs") or {})
        name = f"{resource['type']} {resource['urn'].split('::')[-1]}"
        if identity is None:
            dropped.append(name)
            continue
        resources.append({**resource, "id": identity, "outputs": resource.get("inputs") or {}})
        adopted.append(name)
    engine.import_(Deployment(deployment.version, {**state, "resources": resources, "pending_operations": []}))
    engine.refresh()
    return Recovered(tuple(adopted), tuple(dropped))


def _locks(backend: Path, stack: str) -> list[Path]:
    return sorted((backend / ".pulumi" / "locks").glob(f"**/{stack}/*.json"))


def _nothing_pending(backend: Path, stack: str) -> bool:
    """Whether the state's own file says so, as it nearly always does: an export takes longer than some commands."""
    state = StateFile(backend, stack).read()
    return state is not None and not state.get("pending_operations")


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

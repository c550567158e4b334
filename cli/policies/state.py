"""The policy pack on an exported state: no AWS, no login, no program."""

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from pulumi.automation import EngineEvent

from cli import engine_settings
from cli.errors import CommandError
from cli.events import Report
from cli.policies import settings
from cli.policies.findings import Checked, Location, judged
from cli.project import NAME, Project

_URN = re.compile(r"urn:pulumi:[^:]+::[^:]*::.+::.+", re.DOTALL)
# Relative to the Pulumi.yaml that the engine worked with, of which a copy may lie deeper than the project's own.
_POSITION = re.compile(r"project:///(?:\.\./)*(.+)#(\d+)(?:,\d+)?")


def check(project: Project, state: Path, cli: Path) -> Checked:
    """What the policy pack says of the state, with the settings of its stack where that is one of this project's.

    Raises:
        CommandError: the file holds no exported state.
    """
    resources = _resources(state)
    stack, owner = _origin(state, resources)
    stack_file = project.stack_file(stack) if owner == NAME else Path()
    with settings.written(stack_file) as configs:
        command = [
            str(cli / "bin" / "pulumi"), "policy", "analyze", "--json", "--file", str(state.resolve()),
            "--policy-pack", str(project.policy_pack),
            *(argument for path in configs for argument in ("--policy-pack-config", path)),
        ]  # fmt: skip
        environment = {**engine_settings.analyzer_environment(project), "PULUMI_SKIP_UPDATE_CHECK": "true"}
        result = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    report = Report()
    for event in _events(result.stdout):
        report(event)
    if result.returncode and not report.mandatory:
        return Checked(stack, error=_last_words(result.stderr), file=str(state))
    return judged(stack, report.violations, _positions(project, resources).get, str(state))


def _resources(state: Path) -> list[Mapping[str, Any]]:
    try:
        document = json.loads(state.read_text(encoding="utf-8"))
        resources = document["deployment"].get("resources") or []
        if all(_URN.match(each["urn"]) for each in resources):
            return list(resources)
    except FileNotFoundError:
        raise CommandError(f"no file {state}. Write one with: antipodes export > {state}") from None
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        pass
    raise CommandError(
        f"{state} is no exported state, as `antipodes export` and `pulumi stack export` print it: "
        'a JSON document with "deployment" and the "resources" in it.'
    )


def _origin(state: Path, resources: list[Mapping[str, Any]]) -> tuple[str, str]:
    """The names of the stack and the project, which each URN begins with."""
    if not resources:
        return state.stem, ""
    stack, project = resources[0]["urn"].removeprefix("urn:pulumi:").split("::")[:2]
    return stack, project


def _events(output: str) -> Iterator[EngineEvent]:
    for line in output.splitlines():
        if line.startswith("{"):
            yield EngineEvent.from_json(json.loads(line))


def _positions(project: Project, resources: list[Mapping[str, Any]]) -> dict[str, Location]:
    """Where the resources were registered, as far as the engine wrote down a file that this project has."""
    told = {each["urn"]: _POSITION.fullmatch(unquote(each.get("sourcePosition", ""))) for each in resources}
    there = {urn: match for urn, match in told.items() if match and (project.root / match[1]).is_file()}
    return {urn: Location(match[1], int(match[2])) for urn, match in there.items()}


def _last_words(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].removeprefix("error: ") if lines else "the engine ended without a word"

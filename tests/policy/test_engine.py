"""The pack under the real engine: `pulumi policy analyze` on an exported state."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from cli import engine_settings, pulumi_cli
from cli.output import Console
from cli.project import HERE
from sandbox.provider.wire import UNKNOWNS
from tests.policy.deployment import Deployment, Resource
from tests.policy.editing import edited
from tests.policy.pack import PACK
from tests.policy.recorded import recording

DISTRIBUTION = "aws:cloudfront/distribution:Distribution"


def exported(deployment: Deployment) -> dict[str, Any]:
    """The deployment as `pulumi stack export` prints it, where all that AWS adds is secret."""
    manifest = {"time": "2026-11-21T00:00:00Z", "magic": "", "version": ""}
    ordered: dict[str, Resource] = {}

    def add(urn: str | None) -> None:
        if urn and urn not in ordered and urn in deployment.resources:
            resource = deployment.resources[urn]
            for needed in (resource.parent, resource.provider, *resource.dependencies):
                add(needed)
            ordered[urn] = resource

    for urn in deployment.resources:
        add(urn)
    return {
        "version": 3,
        "deployment": {"manifest": manifest, "resources": [_state(each) for each in ordered.values()]},
    }


def _state(resource: Resource) -> dict[str, Any]:
    is_custom = resource.type.startswith(("aws:", "pulumi:providers:"))
    state = {
        "urn": resource.urn,
        "custom": is_custom,
        "type": resource.type,
        "inputs": _made(resource.inputs),
        "outputs": _made(resource.outputs),
        "parent": resource.parent,
        "id": f"{resource.name}-id" if is_custom else None,
        "provider": resource.provider and f"{resource.provider}::{resource.provider.rpartition('::')[2]}-id",
        "dependencies": list(resource.dependencies),
        "propertyDependencies": {key: list(urns) for key, urns in resource.property_dependencies.items()},
    }
    return {key: value for key, value in state.items() if value}


def _made(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _made(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_made(each) for each in value]
    return "[secret]" if isinstance(value, str) and value in UNKNOWNS else value


def analyze(deployment: Deployment, folder: Path) -> subprocess.CompletedProcess[str]:
    cli = pulumi_cli.ensure(HERE, Console(as_json=False))
    state = folder / "state.json"
    state.write_text(json.dumps(exported(deployment)))
    environment = {
        **engine_settings.analyzer_environment(HERE),
        "PULUMI_HOME": str(folder),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
    }
    command = [str(cli / "bin" / "pulumi"), "policy", "analyze", "--file", str(state), "--policy-pack", str(PACK)]
    return subprocess.run(
        [*command, "--non-interactive"],
        env={**os.environ, **environment},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_an_exported_state_that_breaks_no_rule_passes(tmp_path: Path) -> None:
    result = analyze(recording("companion"), tmp_path)

    assert result.returncode == 0, result.stdout + result.stderr
    assert "[mandatory]" not in result.stdout


def test_an_exported_state_that_breaks_rules_fails_and_all_are_named(tmp_path: Path) -> None:
    behaviour = {"cachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6", "originRequestPolicyId": ""}
    change = {
        "resource": DISTRIBUTION,
        "set": {f"defaultCacheBehavior.{key}": value for key, value in behaviour.items()},
    }

    result = analyze(edited(recording("companion"), [change]), tmp_path)

    assert result.returncode != 0
    for rule in ("edge-caching-disabled", "edge-all-viewer"):
        assert f"{rule}  (" in result.stdout
    assert "distribution" in result.stdout
    assert "Traceback" not in result.stdout + result.stderr

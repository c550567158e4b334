"""The pack under the real engine: `pulumi policy analyze` on an exported state."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.policy.deployment_old import Deployment, Shape, compliant, inputs, outputs, urn
from tests.policy.pack import PACK

ROOT = PACK.parent


def find_cli() -> str | None:
    """The Pulumi CLI: the one that ANTIPODES_PULUMI names, else the one on PATH, else the one that `make up` built."""
    built = ROOT / ".tools" / "bin" / "pulumi"
    return os.environ.get("ANTIPODES_PULUMI") or shutil.which("pulumi") or (str(built) if built.is_file() else None)


def exported(deployment: Deployment) -> dict[str, Any]:
    """The deployment as `pulumi stack export` prints it."""
    stack = {"urn": "urn:pulumi:dev::antipodes::pulumi:pulumi:Stack::antipodes-dev", "type": "pulumi:pulumi:Stack"}
    resources: list[dict[str, Any]] = [stack]
    for name, resource in deployment.items():
        state = {
            "urn": urn(name, deployment),
            "custom": True,
            "id": f"{name}-id",
            "type": resource.type,
            "inputs": inputs(name, deployment, Shape.STATE),
            "outputs": outputs(name, deployment, Shape.STATE),
        }
        if resource.provider:
            references = {key: resource.references(key) for key in resource.inputs}
            state |= {
                "parent": stack["urn"],
                "provider": f"{urn(resource.provider, deployment)}::{resource.provider}-id",
                "dependencies": sorted({urn(each, deployment) for used in references.values() for each in used}),
                "propertyDependencies": {
                    key: [urn(each, deployment) for each in used] for key, used in references.items()
                },
            }
        resources.append(state)
    manifest = {"time": "2026-11-21T00:00:00Z", "magic": "", "version": ""}
    return {"version": 3, "deployment": {"manifest": manifest, "resources": resources}}


def analyze(deployment: Deployment, folder: Path) -> subprocess.CompletedProcess[str]:
    cli = find_cli()
    if cli is None:
        pytest.skip("no Pulumi CLI: none in ANTIPODES_PULUMI, on PATH or in .tools (`make up` builds one)")
    state = folder / "state.json"
    state.write_text(json.dumps(exported(deployment)))
    shims = ROOT / "cli" / "shims"
    environment = {
        **os.environ,
        "PATH": f"{shims}{os.pathsep}{os.environ.get('PATH', '')}",
        "ANTIPODES_PYTHON": sys.executable,
        "PULUMI_HOME": str(folder),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
    }
    command = [cli, "policy", "analyze", "--file", str(state), "--policy-pack", str(PACK), "--non-interactive"]
    return subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


def test_an_exported_state_that_breaks_no_rule_passes(tmp_path: Path) -> None:
    result = analyze(compliant(), tmp_path)

    assert result.returncode == 0, result.stdout + result.stderr
    assert "[mandatory]" not in result.stdout


def test_an_exported_state_that_breaks_every_rule_fails_and_all_are_named(tmp_path: Path) -> None:
    deployment = compliant()
    deployment["certificate"].inputs["subjectAlternativeNames"] = []
    deployment["certificate"].made["subjectAlternativeNames"] = ["example.com"]
    deployment["edge-distribution"].inputs["defaultCacheBehavior"] |= {"cachePolicyId": "", "originRequestPolicyId": ""}

    result = analyze(deployment, tmp_path)

    assert result.returncode != 0
    for rule in ("edge-wildcard-certificate", "edge-caching-disabled", "edge-all-viewer"):
        assert f"{rule}  (" in result.stdout
    assert "edge-distribution" in result.stdout
    assert "Traceback" not in result.stdout + result.stderr

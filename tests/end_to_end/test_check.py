"""`antipodes check` as a pull request runs it: the real engine, no AWS, no login, nothing written into the project."""

import json
from pathlib import Path

import pytest
import yaml

from tests.end_to_end.checkout import Checkout

pytestmark = pytest.mark.end_to_end

_MADE = {".build", "__pycache__", ".tools"}
_NOBODY = "http://127.0.0.1:1"


@pytest.fixture(autouse=True)
def _stranger(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody without credentials, to whom neither AWS nor Pulumi Cloud would answer."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "PULUMI_ACCESS_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ENDPOINT_URL", _NOBODY)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("PULUMI_BACKEND_URL", _NOBODY)


def tree(checkout: Checkout) -> dict[str, bytes]:
    files = (path for path in checkout.root.rglob("*") if path.is_file() and not _MADE & set(path.parts))
    return {str(path.relative_to(checkout.root)): path.read_bytes() for path in files}


def test_the_projects_own_stacks_break_no_mandatory_rule(checkout: Checkout, tmp_path: Path):
    before = tree(checkout)
    sarif, markdown = tmp_path / "policies.sarif", tmp_path / "policies.md"

    told = checkout.json("check", "--all", "--sarif", str(sarif), "--markdown", str(markdown))

    assert told["ok"] is True
    assert [(each["stack"], each["error"]) for each in told["stacks"]] == [
        ("dev", None), ("local", None), ("prod", None),
    ]  # fmt: skip
    assert [finding for each in told["stacks"] for finding in each["findings"] if finding["level"] == "mandatory"] == []
    results = json.loads(sarif.read_text())["runs"][0]["results"]
    assert len(results) == sum(len(each["findings"]) for each in told["stacks"])
    assert "no mandatory rule is broken" in markdown.read_text()
    assert tree(checkout) == before


def test_a_stack_that_cannot_be_previewed_and_one_that_breaks_a_rule_are_both_told(checkout: Checkout, tmp_path: Path):
    broken, good = checkout.root / "Pulumi.local.yaml", checkout.root / "Pulumi.dev.yaml"
    texts = broken.read_text(), good.read_text()
    program = "components/global_edge.py"
    with (
        checkout.edited(program, '"origin_request_policy_id": ALL_VIEWER,', ""),
        checkout.edited(program, '"cache_policy_id": CACHING_DISABLED', '"cache_policy_id": "658327ea"'),
    ):
        checkout.set_config(regions={"ireland": "eu-wst-1"})
        config = yaml.safe_load(texts[1])
        config["config"]["antipodes:originHeaders"] = {"ireland": {"x-api.key": {"secure": "v1:AAAA:of-another-key"}}}
        config["config"]["antipodes:policies"] = {"edge-all-viewer": {"enforcementLevel": "advisory"}}
        good.write_text(yaml.safe_dump({**config, "encryptionsalt": "v1:nobody:knows"}))
        result = checkout.run("check", "-s", "local", "-s", "dev", "--json", "--markdown", str(tmp_path / "told.md"))
    broken.write_text(texts[0])
    good.write_text(texts[1])

    assert result.returncode == 1
    local, dev = json.loads(result.stdout)["stacks"]
    assert "antipodes:regions.ireland: eu-wst-1" in local["error"]
    assert "Did you mean eu-west-1?" in local["error"]
    assert (dev["error"], dev["ok"]) == (None, False)
    levels = {each["rule"]: each["level"] for each in dev["findings"]}
    assert (levels["edge-caching-disabled"], levels["edge-all-viewer"]) == ("mandatory", "advisory")
    assert dev["findings"][0]["location"]["path"] == program
    assert "plain text" not in result.stderr
    for text in ("`local`: could not be previewed", "edge-caching-disabled"):
        assert text in (tmp_path / "told.md").read_text()

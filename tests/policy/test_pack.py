import re
from pathlib import Path

import pytest
import yaml
from pulumi.runtime.proto import analyzer_pb2 as messages

from policy import rules
from policy.rules import POLICIES
from tests.policy.deployment_old import Deployment, Resource, Shape, compliant
from tests.policy.pack import PACK, Analyzer, Judge

RULE_FILES = sorted(path.stem for path in Path(rules.__file__).parent.glob("*.py") if path.stem != "__init__")


def test_every_rule_has_a_file_of_its_own_and_its_name() -> None:
    names = sorted(policy.name.partition("-")[2].replace("-", "_") for policy in POLICIES)

    assert names == RULE_FILES


def test_the_engine_is_told_all_about_each_rule(analyzer: Analyzer) -> None:
    info = analyzer.info()

    assert info.name == "antipodes"
    assert [told.name for told in info.policies] == [policy.name for policy in POLICIES]
    for told in info.policies:
        assert told.enforcementLevel == messages.MANDATORY, told.name
        assert told.severity != messages.POLICY_SEVERITY_UNSPECIFIED, told.name
        assert told.displayName, told.name
        assert told.remediation_steps, told.name
        assert re.match(r"https://docs\.aws\.amazon\.com/\S+\.html$", told.url), told.name


def test_a_rule_that_takes_config_describes_it(analyzer: Analyzer) -> None:
    schemas = {
        told.name: told.configSchema.properties for told in analyzer.info().policies if told.configSchema.properties
    }

    assert list(schemas) == ["edge-wildcard-certificate"]
    assert schemas["edge-wildcard-certificate"]["domain"]["type"] == "string"
    assert schemas["edge-wildcard-certificate"]["domain"]["description"]


def test_the_manifest_names_a_python_that_is_found_from_the_packs_folder() -> None:
    manifest = yaml.safe_load((PACK / "PulumiPolicy.yaml").read_text())

    assert manifest["runtime"] == {"name": "python", "options": {"virtualenv": "../.venv"}}
    assert manifest["description"]


@pytest.mark.parametrize(
    "deployment",
    [
        {},
        {"bucket": Resource("aws:s3/bucket:Bucket", {"bucket": "plain"}, provider=None)},
        {"certificate": Resource("aws:acm/certificate:Certificate", {"domainName": "www.example.com"}, provider=None)},
    ],
    ids=["nothing", "a bucket", "a certificate that no distribution uses"],
)
def test_a_stack_without_distributions_is_left_alone(judge: Judge, shape: Shape, deployment: Deployment) -> None:
    assert judge(deployment, shape) == []


def test_a_website_behind_cloudfront_is_left_alone(judge: Judge, shape: Shape) -> None:
    website = compliant()
    website["certificate"].inputs = {"domainName": "www.example.com", "region": "us-east-1"}
    website["certificate"].made["subjectAlternativeNames"] = ["www.example.com"]
    distribution = website["edge-distribution"].inputs
    distribution["aliases"] = ["www.example.com"]
    distribution["defaultCacheBehavior"] = {
        "targetOriginId": "bucket",
        "cachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
        "functionAssociations": [{"eventType": "viewer-request", "functionArn": "arn:aws:cloudfront::1:function/f"}],
    }
    del distribution["orderedCacheBehaviors"]

    assert judge(website, shape) == []


def test_every_broken_rule_is_reported_at_once(judge: Judge, shape: Shape) -> None:
    deployment = compliant()
    distribution = deployment["edge-distribution"].inputs
    distribution["viewerCertificate"] = {"cloudfrontDefaultCertificate": True}
    distribution["defaultCacheBehavior"] |= {"cachePolicyId": "", "originRequestPolicyId": ""}

    findings = judge(deployment, shape)

    assert {finding.policy for finding in findings if finding.mandatory} == {policy.name for policy in POLICIES}

import dataclasses
import json
import re
from typing import Any

from cli.policies.findings import Location, judged
from cli.policies.rules import rules
from cli.policies.sarif import log
from tests.cli.policies.verdicts import BROKEN, CACHES, CACHING, DISTRIBUTION, FAILED, PASSED, VIEWER, VIEWS


def run(*stacks: Any) -> dict[str, Any]:
    document = log(stacks)
    assert (document["version"], len(document["runs"])) == ("2.1.0", 1)
    return dict(json.loads(json.dumps(document["runs"][0])))


def test_every_rule_of_the_pack_is_described_with_its_remedy():
    driver = run(PASSED)["tool"]["driver"]

    assert [rule["id"] for rule in driver["rules"]] == list(rules())
    for rule in driver["rules"]:
        known = rules()[rule["id"]]
        assert rule["helpUri"] == known.url
        assert known.fix in rule["help"]["text"]
        assert known.fix in rule["help"]["markdown"]
        assert rule["shortDescription"]["text"] == known.title
        assert rule["fullDescription"]["text"] == known.description
        assert re.fullmatch(r"\d+\.\d", rule["properties"]["security-severity"])
        assert rule["properties"]["problem.severity"] in {"error", "warning", "recommendation"}


def test_a_finding_is_a_result_at_the_line_that_registers_the_resource():
    caches, views = run(BROKEN)["results"]

    assert (caches["ruleId"], caches["level"], views["level"]) == (CACHING, "error", "warning")
    assert list(rules())[caches["ruleIndex"]] == CACHING
    assert caches["message"]["text"].startswith("prod: Distribution 'edge', orderedCacheBehaviors[0]: cachePolicyId")
    assert "\nFix: Set cachePolicyId" in caches["message"]["text"]
    (location,) = caches["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "components/global_edge.py", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 79},
    }
    assert location["logicalLocations"][0]["fullyQualifiedName"] == DISTRIBUTION


def test_a_finding_that_nobody_can_place_is_one_of_the_stacks_file():
    (result,) = run(judged("prod", [CACHES], file="Pulumi.prod.yaml"))["results"]

    place = result["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]) == ("Pulumi.prod.yaml", {"startLine": 1})


def test_a_finding_keeps_its_fingerprint_when_its_line_moves_and_no_two_have_the_same():
    moved = judged("prod", [CACHES, VIEWS], lambda _: Location("elsewhere.py", 1))
    other = dataclasses.replace(BROKEN.findings[0], stack="dev")

    def fingerprints(*stacks: Any) -> list[dict[str, str]]:
        return [result["partialFingerprints"] for result in run(*stacks)["results"]]

    assert fingerprints(moved) == fingerprints(BROKEN)
    assert len({json.dumps(each) for each in fingerprints(BROKEN, dataclasses.replace(BROKEN, findings=(other,)))}) == 3


def test_what_could_not_be_judged_or_previewed_is_a_notification_and_no_result():
    invocation = run(FAILED, dataclasses.replace(BROKEN, findings=()))["invocations"][0]

    assert invocation["executionSuccessful"] is False
    error, *notes = invocation["toolExecutionNotifications"]
    assert (error["level"], "antipodes:domain" in error["message"]["text"]) == ("error", True)
    assert [(note["level"], note["associatedRule"]["id"]) for note in notes] == [("note", VIEWER)] * 2
    assert run(PASSED)["invocations"][0]["executionSuccessful"] is True
    assert run(FAILED)["results"] == []

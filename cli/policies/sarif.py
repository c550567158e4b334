"""The verdict in SARIF 2.1.0 (OASIS), as GitHub's code scanning reads it."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from cli.policies import wording
from cli.policies.findings import Checked, Finding, Location, Undecided
from cli.policies.rules import Rule, rules

# By the bounds in "SARIF support for code scanning" (GitHub Docs): above 9.0 critical, from 7.0 high, from 4.0 medium.
_SECURITY = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.0"}
_PROBLEM = {"critical": "error", "high": "error", "medium": "warning", "low": "recommendation"}
_LEVELS = {"mandatory": "error", "advisory": "warning", "remediate": "error", "disabled": "none"}


def log(stacks: Sequence[Checked]) -> dict[str, Any]:
    """One run: all rules, a result for each finding, and as notifications what could not be judged or previewed."""
    known = list(rules().values())
    index = {rule.name: number for number, rule in enumerate(known)}
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "antipodes", "rules": [_rule(rule) for rule in known]}},
                "results": [_result(each, index, checked.file) for checked in stacks for each in checked.findings],
                "invocations": [
                    {
                        "executionSuccessful": all(checked.error is None for checked in stacks),
                        "toolExecutionNotifications": [note for checked in stacks for note in _notes(checked, index)],
                    }
                ],
            }
        ],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.name,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.description},
        "help": {
            "text": f"{rule.description}\nFix: {rule.fix}\n{rule.url}",
            "markdown": f"{rule.description}\n\n**Fix:** {rule.fix}\n\n[Documentation]({rule.url})",
        },
        "helpUri": rule.url,
        "defaultConfiguration": {"level": _LEVELS[rule.level]},
        "properties": {
            "tags": ["security", rule.name.partition("-")[0]],
            "precision": "very-high",
            "problem.severity": _PROBLEM[rule.severity],
            "security-severity": _SECURITY[rule.severity],
        },
    }


def _result(finding: Finding, index: dict[str, int], file: str) -> dict[str, Any]:
    known = {"ruleIndex": index[finding.rule]} if finding.rule in index else {}
    return {
        "ruleId": finding.rule,
        **known,
        "level": _LEVELS.get(finding.level, "warning"),
        "message": {"text": f"{finding.stack}: {finding.where}: {finding.found}\nFix: {finding.fix}"},
        "locations": [
            {
                "physicalLocation": _place(finding.location or Location(file, 1)),
                "logicalLocations": [{"name": finding.resource, "fullyQualifiedName": finding.urn or finding.resource}],
            }
        ],
        "partialFingerprints": {"stackRuleResource/v1": _fingerprint(finding)},
    }


def _place(location: Location) -> dict[str, Any]:
    path = PurePath(location.path)
    file = {"uri": path.as_uri()} if path.is_absolute() else {"uri": quote(path.as_posix()), "uriBaseId": "%SRCROOT%"}
    return {"artifactLocation": file, "region": {"startLine": location.line}}


def _fingerprint(finding: Finding) -> str:
    """The same as long as the rule is broken at this place, wherever its line moves to."""
    text = "\n".join((finding.stack, finding.rule, finding.urn or finding.resource, finding.place))
    return hashlib.sha256(text.encode()).hexdigest()


def _notes(checked: Checked, index: dict[str, int]) -> Iterator[dict[str, Any]]:
    if checked.error is not None:
        text = f"{checked.stack}: {wording.verdict(checked)}: {checked.error}"
        yield {"level": "error", "message": {"text": text}}
    for each in checked.undecided:
        yield _note(each, index)


def _note(undecided: Undecided, index: dict[str, int]) -> dict[str, Any]:
    known = {"index": index[undecided.rule]} if undecided.rule in index else {}
    where = f"{undecided.where}: " if undecided.where else ""
    return {
        "level": "note",
        "message": {"text": f"{undecided.stack}: {where}{undecided.reason}"},
        "associatedRule": {"id": undecided.rule, **known},
    }

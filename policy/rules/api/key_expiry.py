from collections.abc import Iterator
from datetime import UTC, datetime

from pulumi_policy import EnforcementLevel, Severity

from ..shared.design import in_the_design
from ..shared.kinds import API_KEY
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation


def _judge(key: Resource) -> Iterator[Verdict]:
    # What AWS has filled in is a mistake all the same: an exported state shows it as if the program had said it.
    if not key.states("expires"):
        yield Violation(
            key,
            "expires is not set: AppSync lets the key expire seven days after it is made, and the region of its API "
            "then refuses every request that comes with it.",
            "Set expires to one time for the keys of all regions, at most 365 days ahead.",
        )
        return
    expires = _hour(key.read("expires"))
    others = [other for other in key.stack.of(API_KEY) if other.states("expires")]
    last = max(others, key=lambda other: _hour(other.read("expires")))
    if expires < _hour(last.read("expires")):
        yield Violation(
            key,
            f"expires is {key.read('expires')}, and that of ApiKey '{last.name}' is {last.read('expires')}: from the "
            "one time to the other, the API answers in some regions and refuses in others.",
            f'Set expires="{last.read("expires")}", the same for all regions.',
        )


def _hour(expires: str) -> datetime:
    """AppSync rounds down to the hour."""
    try:
        moment = datetime.fromisoformat(expires)
    except ValueError:
        return datetime.max.replace(tzinfo=UTC)  # AppSync refuses it
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).replace(minute=0, second=0, microsecond=0)


RULE = stack_rule(
    About(
        name="api-key-expiry",
        title="API keys expire in all regions at once",
        description="The AppSync API keys of an active/active stack should expire at one stated time.",
        fix="Set expires on every aws.appsync.ApiKey, from one constant.",
        url="https://docs.aws.amazon.com/appsync/latest/APIReference/API_ApiKey.html",
        severity=Severity.HIGH,
        level=EnforcementLevel.ADVISORY,
    ),
    in_the_design(API_KEY),
    _judge,
)

from collections.abc import Iterator

from pulumi_policy import EnforcementLevel, Severity

from ..shared.certificate import normal
from ..shared.kinds import DISTRIBUTION, DOMAINS
from ..shared.known import UNKNOWN
from ..shared.records import is_alias, is_latency, leads_to, manages, named
from ..shared.router import routed_distributions
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Undecided, Verdict, Violation
from .shared.hosts import WITH_DOMAINS

_TYPES = ("A", "AAAA", "CNAME", "HTTPS")


def _judge(distribution: Resource) -> Iterator[Verdict]:
    for alias in map(normal, distribution.read_list("aliases")):
        if not alias.startswith("*."):
            yield from _judge_alias(distribution, alias)


def _judge_alias(distribution: Resource, alias: str) -> Iterator[Verdict]:
    records = [each for each in named(distribution.stack, alias, wildcards=True) if each.peek("type") in _TYPES]
    latency = [record for record in records if is_latency(record)]
    if latency:
        yield Violation(
            latency[0],
            f"it is a latency record of {alias}, the global host: that name leads to CloudFront from everywhere, and "
            "the router asks another one for the region.",
            f"Make one simple record of {alias} that leads to '{distribution.name}', and name the latency records "
            "otherwise.",
        )
    elif records and not any(_leads_here(record, distribution) for record in records):
        yield Violation(
            records[0],
            f"it is the record of {alias}, an alias of '{distribution.name}', and leads elsewhere: no viewer comes to "
            "the router.",
            "Set its value to the distribution's domain_name.",
        )
    elif not records and manages(distribution.stack, alias):
        yield Violation(
            distribution,
            f"its alias {alias} has no DNS record: no viewer finds it.",
            f'Make a CNAME record name="{alias}" with the distribution\'s domain_name as its value.',
        )
    elif not records:
        yield Undecided(distribution, f"the domain of {alias} is another stack's, and so is its record.")


def _leads_here(record: Resource, distribution: Resource) -> bool:
    """Whether the record leads to the distribution, by reference or by its domain name."""
    if distribution in leads_to(record, DISTRIBUTION):
        return True
    if leads_to(record, DISTRIBUTION, *DOMAINS, *WITH_DOMAINS):
        return False
    told = _targets(record)
    # At a first preview CloudFront has given no name yet, so that a literal one is another's.
    return UNKNOWN in told or distribution.output("domainName") in told


def _targets(record: Resource) -> list[object]:
    if is_alias(record):
        return [alias.peek("name") for alias in record.each("aliases")]
    values = record.peek("records")
    return list(values) if isinstance(values, list) else [UNKNOWN]


RULE = stack_rule(
    About(
        name="routing-global-record",
        title="The global host leads to CloudFront",
        description="Each alias of the router's distribution should have a simple record that leads to it.",
        fix="Make a CNAME or alias record of the global host with the distribution's domain_name as its target.",
        url="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/CNAMEs.html",
        severity=Severity.CRITICAL,
        # Another team may keep the record of the endpoint itself, beside a stack that has all others.
        level=EnforcementLevel.ADVISORY,
    ),
    routed_distributions,
    _judge,
)

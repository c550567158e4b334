from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.known import UNKNOWN, NotKnownError
from ..shared.records import is_alias
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation
from .shared.answers import Answers, answer_records, hosts_behind, is_address


def _judge(subject: tuple[Resource, Answers]) -> Iterator[Verdict]:
    record, answers = subject
    if record.read("type") != "CNAME" or is_alias(record):
        return
    for index, value in enumerate(record.read("records") or []):
        place = f"records[{index}]"
        if value is UNKNOWN:
            hosts = hosts_behind(record)
            if not hosts:
                raise NotKnownError(place)
            answer = f"the host of '{hosts[0].name}'"
        elif is_address(value, answers.table):
            answer = f'"{value}", {"a URL" if "/" in value else "a host"}'
        else:
            continue
        yield Violation(
            record,
            f"it answers {answer}. The router takes answers for keys of its table and never for a place to send "
            "requests to, so it ignores this one, and viewers near this region get another.",
            f"Set records to the key of the region{_such_as(answers)}, and leave the host to the router's table.",
            place,
        )


def _such_as(answers: Answers) -> str:
    key = next(iter(answers.table.routes), None) if answers.table else None
    return f' (records=["{key}"])' if key else ""


RULE = stack_rule(
    About(
        name="routing-keys-not-urls",
        title="Latency records answer with keys",
        description="The latency records that the router asks must answer with region keys, not with URLs or hosts.",
        fix='Set records=["ireland"], the key of the region in the router\'s table.',
        url="https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-latency.html",
        severity=Severity.CRITICAL,
    ),
    answer_records,
    _judge,
)

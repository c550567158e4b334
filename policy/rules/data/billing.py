from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.global_tables import GlobalTable, global_tables
from ..shared.kinds import TABLE
from ..shared.known import UNKNOWN
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation

_TARGET = "aws:appautoscaling/target:Target"
_WRITES = "dynamodb:table:WriteCapacityUnits"


def _judge(found: GlobalTable) -> Iterator[Verdict]:
    table = found.table
    billing = table.read("billingMode") or "PROVISIONED"
    if billing != "PROVISIONED" or any(_scales(target, table) for target in table.stack.of(_TARGET)):
        return
    yield Violation(
        table,
        f'it has replicas, and its billing mode is "{billing}" with a fixed capacity for writes: DynamoDB refuses '
        "that, because each replica has to take the writes of all.",
        'Set billing_mode="PAY_PER_REQUEST", or scale its write capacity by an appautoscaling.Target.',
        "billingMode",
    )


def _scales(target: Resource, table: Resource) -> bool:
    if target.peek("scalableDimension") not in (_WRITES, UNKNOWN):
        return False
    resource_id = target.peek("resourceId")
    if resource_id is UNKNOWN:
        return any(each.urn == table.urn for each in target.sources("resourceId", TABLE))
    return bool(resource_id == f"table/{table.peek('name')}")


RULE = stack_rule(
    About(
        name="data-billing",
        title="Replicated tables take as many writes as come",
        description="A DynamoDB table with replicas must be billed by request, or scale its capacity for writes.",
        fix='Set billing_mode="PAY_PER_REQUEST" on the table.',
        url="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_reqs_bestpractices.html",
        severity=Severity.HIGH,
    ),
    global_tables,
    _judge,
)

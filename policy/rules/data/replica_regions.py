from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.global_tables import GlobalTable, global_tables
from ..shared.known import UNKNOWN, NotKnownError
from ..shared.rule import About, stack_rule
from ..shared.verdict import Verdict, Violation


def _judge(found: GlobalTable) -> Iterator[Verdict]:
    home = found.table.region
    seen = set()
    for replica in found.replicas:
        if replica.region is UNKNOWN:
            raise NotKnownError("the region of a replica")
        if replica.region is not None and replica.region == home:
            what = "in the table's own region"
        elif replica.region in seen:
            what = "where another one is"
        else:
            seen.add(replica.region)
            continue
        yield Violation(
            replica.resource,
            f"the replica of '{found.table.name}' in {replica.region} is {what}: a global table has one replica in "
            "each region, and the table is that of its own.",
            "Remove the replica, or give it another region.",
            replica.props.place,
        )
    if home is UNKNOWN:
        raise NotKnownError("region")


RULE = stack_rule(
    About(
        name="data-replica-regions",
        title="A global table is in each of its regions once",
        description="A DynamoDB global table must have at most one replica in a region, and none in its own.",
        fix="List each other region once in the table's replicas.",
        url="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html",
        severity=Severity.HIGH,
    ),
    global_tables,
    _judge,
)

"""Whether a region's fan-out may call the mutations that tell subscribers.

Judged by IAM's simulation: to call one would forge an event to whoever listens.
"""

from collections.abc import Iterator, Sequence

from ops.verify import fan_out
from ops.verify.finding import Fault
from ops.verify.link import Link
from ops.verify.permissions import refused
from ops.verify.schema import published
from ops.verify.site import Site, listed


def judge(name: str, fields: Sequence[str]) -> Iterator[Fault]:
    """`fields` are the mutations that IAM refuses to the role of the function `name`."""
    if fields:
        yield Fault(f"the role of {name} may not call {listed(fields)}: subscribers here are not told of changes")


def _check(site: Site, key: str) -> Iterator[Fault]:
    function = fan_out.function_of(site, key)
    api = site.client("appsync", site.region(key)).get_graphql_api(apiId=site.told("apis", key, "id"))
    arns = {f"{api['graphqlApi']['arn']}/types/Mutation/fields/{field}" for field in published(site.schema(key))}
    lacking = refused(site, function["Role"], "appsync:GraphQL", sorted(arns))
    return judge(function["FunctionName"], [arn.rpartition("/")[2] for arn in lacking])


LINK = Link(
    "publishing",
    "every region's fan-out may call the mutations that tell subscribers (not called: that would forge an event)",
    in_region=_check,
    applies=fan_out.has_fan_out,
)

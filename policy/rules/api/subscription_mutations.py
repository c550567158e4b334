from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.design import in_the_design
from ..shared.kinds import GRAPHQL_API
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation
from .shared.graphql import guards, is_closed, schema, sources
from .shared.sdl import Schema


def _judge(api: Resource) -> Iterator[Verdict]:
    declared = schema(api)
    if declared is None:
        return
    mutations, root = declared.fields("mutation"), declared.roots["mutation"]
    for field in sorted(declared.fields("subscription")):
        name = f"{declared.roots['subscription']}.{field}"
        named = declared.subscribed_by(field)
        if not named:
            yield Violation(
                api,
                f"{name} names no mutation, so it never hears of anything.",
                f'Write @aws_subscribe(mutations: ["..."]) behind {field} in the schema.',
                "schema",
            )
        for mutation in named:
            if mutation not in mutations:
                yield Violation(
                    api,
                    f'{name} subscribes to the mutation "{mutation}", and there is none.',
                    f"Name one of {', '.join(sorted(mutations)) or 'the mutations that there will be'}.",
                    "schema",
                )
            elif len(api.stack.of(GRAPHQL_API)) > 1 and _only_local(api, declared, mutation):
                yield Violation(
                    api,
                    f"{name} subscribes to {root}.{mutation}, which clients call to write: its subscribers hear of "
                    "what is written in their own region, and of nothing that others write elsewhere.",
                    f"Subscribe to a mutation that publishes: one closed to clients, with a data source of type NONE, "
                    f"which each region's stream calls (instead of {mutation}).",
                    "schema",
                )


def _only_local(api: Resource, declared: Schema, mutation: str) -> bool:
    """Whether clients call it, and it writes: AppSync tells of it the subscribers of the same API alone."""
    behind = sources(api, declared.roots["mutation"], mutation)
    is_open = not all(map(is_closed, guards(api, declared, mutation)))
    return is_open and behind is not None and behind != {"NONE"}


RULE = stack_rule(
    About(
        name="api-subscription-mutations",
        title="Subscribers hear of what is written in any region",
        description=(
            "Each subscription of an API in several regions must name mutations that exist and publish: a subscription "
            "hears of mutations at the same endpoint alone."
        ),
        fix="Let a function on each region's table stream call a publish mutation, and name that in @aws_subscribe.",
        url="https://docs.aws.amazon.com/appsync/latest/devguide/aws-appsync-real-time-data.html",
        severity=Severity.HIGH,
    ),
    in_the_design(GRAPHQL_API),
    _judge,
)

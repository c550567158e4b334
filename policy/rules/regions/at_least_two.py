from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.rule import About, stack_rule
from ..shared.verdict import Verdict, Violation
from .shared.deployment import Deployment, deployments

_USUAL = 2


def _judge(deployment: Deployment) -> Iterator[Verdict]:
    minimum = deployment.stack.settings.get("minimum", _USUAL)
    serving = [str(region) for region in deployment.regions if region.serves]
    # Where no region at all is left, routing-dial and routing-table say why.
    if serving and len(serving) < minimum:
        yield Violation(
            deployment.distribution,
            f"viewers are sent to {' and '.join(serving)}, and {minimum:g} regions are wanted: when one "
            "is away, there must be another to take its viewers.",
            "List another region, or declare that fewer are meant: in the stack's config "
            f"antipodes:policies: {{regions-at-least-two: {{minimum: {len(serving)}}}}}, "
            'elsewhere in the pack\'s config "minimum".',
        )


RULE = stack_rule(
    About(
        name="regions-at-least-two",
        title="Viewers have a second region to go to",
        description="The router must send viewers to two regions at least, unless the stack declares fewer.",
        fix="List a second region that is not drained, or set the rule's `minimum` to 1.",
        url=(
            "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/"
            "rel_fault_isolation_multiaz_region_system.html"
        ),
        severity=Severity.HIGH,
        settings={
            "minimum": {
                "type": "integer",
                "minimum": 1,
                "description": f"How many regions have to take viewers, at least; {_USUAL} if not set.",
            }
        },
    ),
    deployments,
    _judge,
)

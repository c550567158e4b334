from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.router import Behaviour, routed_behaviours
from ..shared.rule import About, stack_rule
from ..shared.verdict import Verdict, Violation


def _judge(behaviour: Behaviour) -> Iterator[Verdict]:
    router = behaviour.router
    event = router.props.read("eventType")
    if event != router.expected_event:
        kind = "a Lambda function" if router.is_of_lambda else "a CloudFront Function"
        yield Violation(
            behaviour.distribution,
            f"the router is {kind} on {event or 'no event'}, and can set the origin on {router.expected_event} alone.",
            f'Set eventType to "{router.expected_event}".',
            router.props.place,
        )


RULE = stack_rule(
    About(
        name="edge-function-event",
        title="The router runs when an origin can be chosen",
        description="A router must run on origin-request if it is a Lambda function, else on viewer-request.",
        fix="Set event_type='origin-request' on a Lambda association, 'viewer-request' on a CloudFront Function's.",
        url="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-cloudfront-trigger-events.html",
        severity=Severity.CRITICAL,
    ),
    routed_behaviours,
    _judge,
)

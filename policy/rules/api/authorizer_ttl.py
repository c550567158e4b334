from collections.abc import Iterator

from pulumi_policy import EnforcementLevel, Severity

from ..shared.design import in_the_design
from ..shared.kinds import GRAPHQL_API, HTTP_AUTHORIZER, REST_AUTHORIZER
from ..shared.known import Properties
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation
from .shared.graphql import providers

_AUTHORIZERS = (REST_AUTHORIZER, HTTP_AUTHORIZER)
_KEY = "authorizerResultTtlInSeconds"
_LONGEST = 300  # seconds; what AppSync and API Gateway do where nothing is said


def _judge(resource: Resource) -> Iterator[Verdict]:
    longest = resource.stack.settings.get("longest", _LONGEST)
    for place in _places(resource):
        found = place.read(_KEY)
        ttl = _LONGEST if found is None else found
        if ttl > longest:
            yield Violation(
                resource,
                f"{_KEY} is {ttl if found is not None else f'not set, which is {_LONGEST}'}: a token that was revoked "
                f"works for {ttl} seconds more.",
                f"Set authorizer_result_ttl_in_seconds to at most {longest}.",
                place.place,
            )


def _places(resource: Resource) -> list[Properties]:
    if resource.kind != GRAPHQL_API:
        return [resource]
    found = [provider.inner("lambdaAuthorizerConfig") for provider in providers(resource)]
    return [each for each in found if each and each.keys()]


RULE = stack_rule(
    About(
        name="api-authorizer-ttl",
        title="A revoked token soon stops working",
        description="An authorizer's answer should be kept for minutes, not hours.",
        fix="Set authorizer_result_ttl_in_seconds to 300 or less.",
        url="https://docs.aws.amazon.com/appsync/latest/APIReference/API_LambdaAuthorizerConfig.html",
        severity=Severity.MEDIUM,
        level=EnforcementLevel.ADVISORY,
        settings={
            "longest": {
                "type": "integer",
                "description": f"How long an answer may be kept, in seconds; {_LONGEST} where it is not set.",
            }
        },
    ),
    in_the_design(GRAPHQL_API, *_AUTHORIZERS),
    _judge,
)

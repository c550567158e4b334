from collections.abc import Iterator
from typing import Final

from pulumi_policy import EnforcementLevel, Severity

from ..shared.records import latency_region
from ..shared.router import routed_distributions
from ..shared.routing_code import latency_cnames
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation

# Where no edge location of the price class is: prefixes of AWS regions that lie there.
_WITHOUT: Final = {
    "PriceClass_100": ("ap-", "sa-", "af-", "me-"),
    "PriceClass_200": ("sa-", "ap-southeast-2", "ap-southeast-4", "ap-southeast-6"),
}


def _judge(distribution: Resource) -> Iterator[Verdict]:
    price_class = distribution.read("priceClass")
    if price_class not in _WITHOUT:
        return
    far = [region for region in _regions(distribution) if region.startswith(_WITHOUT[price_class])]
    if far:
        yield Violation(
            distribution,
            f"priceClass is {price_class}, which has no edge location near {', '.join(far)}: viewers there enter far "
            "away, and the router finds another region near.",
            'Set priceClass to "PriceClass_All".',
        )


def _regions(distribution: Resource) -> list[str]:
    return sorted({region for each in latency_cnames(distribution.stack) if (region := latency_region(each))})


RULE = stack_rule(
    About(
        name="edge-price-class",
        title="Every region has edge locations near it",
        description="The price class of a distribution that carries the router should reach each of its regions.",
        fix="Set price_class='PriceClass_All' on the distribution.",
        url="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/PriceClass.html",
        severity=Severity.MEDIUM,
        level=EnforcementLevel.ADVISORY,
    ),
    routed_distributions,
    _judge,
)

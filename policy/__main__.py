"""The policy pack: serves the rules to the Pulumi engine, which runs this folder as a program."""

from pulumi_policy import EnforcementLevel, PolicyPack

# The engine makes this folder the root of imports; type checkers see it as the package `policy`.
from rules import POLICIES  # type: ignore[import-not-found]

PolicyPack(
    "antipodes",
    POLICIES,
    EnforcementLevel.MANDATORY,
    description="A multi-region, active/active API behind CloudFront stays one.",
)

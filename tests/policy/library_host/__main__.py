"""The pack's rules, served by pulumi-policy itself."""

import sys
from pathlib import Path

from pulumi_policy import EnforcementLevel, PolicyPack

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "policy"))

from rules import POLICIES  # type: ignore[import-not-found]

PolicyPack(
    "antipodes",
    POLICIES,
    EnforcementLevel.MANDATORY,
    description="A multi-region, active/active API behind CloudFront stays one.",
)

"""The policy pack: serves the rules to the Pulumi engine, which runs this folder as a program."""

# The engine makes this folder the root of imports; type checkers see it as the package `policy`.
from rules import POLICIES  # type: ignore[import-not-found]
from rules.serving.server import serve  # type: ignore[import-not-found]
from rules.serving.telling import Pack  # type: ignore[import-not-found]

serve(Pack("antipodes", "A multi-region, active/active API behind CloudFront stays one.", POLICIES))

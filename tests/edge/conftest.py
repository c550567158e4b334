"""The router's modules import one another as they do on Lambda, where they lie at the root of the package."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "edge" / "router"))

"""python -m sandbox HOME BASE_PORT CITY...: the daemon, as `sandbox.folder.start` runs it."""

import sys
from pathlib import Path

from sandbox.daemon import main

main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])

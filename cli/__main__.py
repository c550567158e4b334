"""python -m cli: the `antipodes` command of this checkout."""

from cli.main import main

main()

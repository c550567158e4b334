"""python -m bench [NAME ...]: the named measurements, or all of them, one after the other."""

import sys

from rich.console import Console

from bench import failover, fan_out, load, policies, preview, router, world

MEASUREMENTS = {
    module.__name__.removeprefix("bench."): module
    for module in (router, load, world, preview, policies, fan_out, failover)
}

_COLUMNS = 120  # of the widest table: in a pipe rich would cut them off at 80


def main(names: list[str]) -> None:
    """Raises `SystemExit` for a name that no measurement has."""
    if unknown := [name for name in names if name not in MEASUREMENTS]:
        raise SystemExit(f"no measurement is called {', '.join(unknown)}; there are {', '.join(MEASUREMENTS)}")
    console = Console(width=max(Console().width, _COLUMNS))
    for name in names or MEASUREMENTS:
        measurement = MEASUREMENTS[name]
        console.print(f"\n[bold]{name}[/bold]")
        console.print(f"{(measurement.__doc__ or '').strip()}\n", markup=False, highlight=False, soft_wrap=True)
        measurement.run(console)


main(sys.argv[1:])

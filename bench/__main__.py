"""python -m bench: all measurements, one table each."""

from rich.console import Console

from bench import fan_out, preview

MEASUREMENTS = (preview, fan_out)

console = Console()
for measurement in MEASUREMENTS:
    console.print(f"\n[bold]{measurement.__name__}[/bold]\n{(measurement.__doc__ or '').strip()}\n")
    measurement.run(console)

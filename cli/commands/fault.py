"""`antipodes fault`: plants faults in the embedded AWS, and takes them away again."""

from typing import Annotated
from urllib.parse import quote, urlencode

import typer

from cli import controls, fault_places, local
from cli.app import Json, Stack
from cli.faulty_stack import FaultyStack
from geography import REGIONAL_EDGE_CACHES
from sandbox.faults.kinds import KINDS

app = typer.Typer(
    name="fault",
    help="Plants faults in the embedded AWS, several at once, to see what becomes of the stack. Stack `local` only.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    add_completion=False,
)

Key = Annotated[str, typer.Argument(help="A region key of the stack.")]
Function = Annotated[
    str,
    typer.Argument(
        metavar="FUNCTION", help=f"{fault_places.roles()}, or a function's name in AWS; of the key `edge`: router."
    ),
]
OfFunction = Annotated[str, typer.Argument(metavar="KEY", help="A region key of the stack, or `edge`.")]
Rate = Annotated[float, typer.Option("--rate", min=0.0, max=1.0, help="The share that is hit, above 0, up to 1.")]


@app.command(epilog="Examples:  antipodes fault region-down sydney  ·  antipodes fault region-down sydney --hanging")
def region_down(
    key: Key,
    stack: Stack = local.STACK,
    *,
    hanging: Annotated[bool, typer.Option("--hanging", help="Connections stay open and silent.")] = False,
    json: Json = False,
) -> None:
    """A region is dead: its hosts and AWS APIs refuse connections, its functions stand still, replication waits."""
    at = FaultyStack(stack, as_json=json)
    at.plant({"kind": "region-down", "region": at.region(key), "hanging": hanging})


@app.command(epilog="Example:  antipodes fault table-lost sydney events")
def table_lost(
    key: Key,
    name: Annotated[str, typer.Argument(metavar="TABLE", help="A table of api/tables.yaml, or `canary`.")],
    stack: Stack = local.STACK,
    *,
    json: Json = False,
) -> None:
    """A region's table is gone; when the fault is cleared it is back, with what was written elsewhere meanwhile."""
    at = FaultyStack(stack, as_json=json)
    region = at.region(key)
    at.plant({"kind": "table-lost", "region": region, "table": fault_places.table(at.outputs, name)})


@app.command(
    epilog="Examples:  antipodes fault function-failing sydney resolvers --rate 0.5  ·  "
    "antipodes fault function-failing edge router"
)
def function_failing(
    key: OfFunction, function: Function, stack: Stack = local.STACK, *, rate: Rate = 1.0, json: Json = False
) -> None:
    """A function fails: every time, or so often."""
    at = FaultyStack(stack, as_json=json)
    at.plant({"kind": "function-failing", **at.function(key, function), "rate": rate})


@app.command(epilog="Example:  antipodes fault function-slow sydney authorizer --seconds 3 --rate 0.2")
def function_slow(
    key: OfFunction,
    function: Function,
    seconds: Annotated[float, typer.Option("--seconds", help="How much longer it takes, at most until its timeout.")],
    stack: Stack = local.STACK,
    *,
    rate: Rate = 1.0,
    json: Json = False,
) -> None:
    """A function takes longer: every time, or so often."""
    at = FaultyStack(stack, as_json=json)
    at.plant({"kind": "function-slow", **at.function(key, function), "seconds": seconds, "rate": rate})


@app.command(epilog="Examples:  antipodes fault dns-down  ·  antipodes fault dns-down --from eu-west-2")
def dns_down(
    place: Annotated[
        str | None,
        typer.Option("--from", help=f"Only as asked from one of {', '.join(REGIONAL_EDGE_CACHES)}."),
    ] = None,
    stack: Stack = local.STACK,
    *,
    json: Json = False,
) -> None:
    """DNS does not answer what the router at the edge asks."""
    FaultyStack(stack, as_json=json).plant({"kind": "dns-down", "executing_region": place})


@app.command(epilog="Example:  antipodes fault edge-down London")
def edge_down(
    city: Annotated[str, typer.Argument(help="A city that has an edge location.")],
    stack: Stack = local.STACK,
    *,
    json: Json = False,
) -> None:
    """The edge location of a city refuses connections."""
    FaultyStack(stack, as_json=json).plant({"kind": "edge-down", "city": city})


@app.command(
    epilog="Examples:  antipodes fault replication-paused  ·  antipodes fault replication-paused ireland sydney"
)
def replication_paused(
    key: Annotated[str | None, typer.Argument(help="Only to and from this region.")] = None,
    other: Annotated[str | None, typer.Argument(help="Only between this region and the first.")] = None,
    stack: Stack = local.STACK,
    *,
    json: Json = False,
) -> None:
    """Global tables replicate nothing until the fault is cleared; then all that was written arrives."""
    at = FaultyStack(stack, as_json=json)
    regions = [None if name is None else at.region(name) for name in (key, other)]
    at.plant({"kind": "replication-paused", "region": regions[0], "other": regions[1]})


@app.command(epilog="Example:  antipodes fault api-throttled dynamodb sydney --rate 0.3")
def api_throttled(
    service: Annotated[str, typer.Argument(help="A service as boto3 names it.")],
    key: Annotated[str | None, typer.Argument(help="Only in this region.")] = None,
    stack: Stack = local.STACK,
    *,
    rate: Rate = 1.0,
    json: Json = False,
) -> None:
    """An AWS API refuses calls as too many, with the service's own error."""
    at = FaultyStack(stack, as_json=json)
    region = None if key is None else at.region(key)
    at.plant({"kind": "api-throttled", "service": service, "region": region, "rate": rate})


@app.command(epilog="Examples:  antipodes fault control-plane-down  ·  antipodes fault control-plane-down lambda")
def control_plane_down(
    service: Annotated[str, typer.Argument(help="A service as boto3 names it.")] = "route53",
    stack: Stack = local.STACK,
    *,
    json: Json = False,
) -> None:
    """An AWS API answers 503; what the service does by itself, such as DNS and health checks, goes on."""
    FaultyStack(stack, as_json=json).plant({"kind": "control-plane-down", "service": service})


@app.command("list", epilog="Example:  antipodes fault list --json")
def list_faults(stack: Stack = local.STACK, *, json: Json = False) -> None:
    """Lists the faults that there are."""
    FaultyStack(stack, as_json=json).tell("GET", "/faults")


@app.command(
    epilog="Examples:  antipodes fault clear  ·  antipodes fault clear region-down  ·  "
    "antipodes fault clear region-down sydney"
)
def clear(
    kind: Annotated[str | None, typer.Argument(help=f"Only this kind: {', '.join(KINDS)}.")] = None,
    key: Annotated[str | None, typer.Argument(help="Only in this region.")] = None,
    stack: Stack = local.STACK,
    *,
    json: Json = False,
) -> None:
    """Takes faults away, by default all: everything is as before, and what waited arrives."""
    at = FaultyStack(stack, as_json=json)
    query = "" if key is None else "?" + urlencode({"region": at.region(key)})
    at.tell("DELETE", "/faults" + ("" if kind is None else f"/{quote(kind, safe='')}{query}"))


@app.command(epilog="Examples:  antipodes fault time-scale 10  ·  antipodes fault time-scale 1")
def time_scale(
    scale: Annotated[float, typer.Argument(min=1, max=100, help="How many times as fast, from 1 to 100.")],
    stack: Stack = local.STACK,
    *,
    json: Json = False,
) -> None:
    """Lets time pass faster in the embedded AWS: health checks, alarms and what functions read from the clock."""
    at = FaultyStack(stack, as_json=json)
    told = controls.ask(at.daemon, "PUT", "/time", {"scale": scale})
    at.console.result(told, lambda out: out.print(f"Time passes {told['scale']:g} times as fast as it does here."))

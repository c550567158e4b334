"""How long people all over the world wait for the region that serves them, by how that region is chosen.

Computed, not measured, from the mean round trips of the 237 cities of `geography/data`, whose people are what the
percentiles are of. The regions are a good choice for their number: those with the shortest mean round trip for all
people, of all where the API can be deployed (`geography/good_sets.py`). Regret is what people lose against the optimum,
each city at its nearest region: the mean over all of them, and the share of those who lose anything.

- routing: region, routing: location: what the sandbox's name servers answer to the router in the regional edge cache,
  and for the edge location. The sandbox places every edge location's address in its own city, so `location` is as good
  as the optimum by construction; how well Route 53 places the addresses of CloudFront's servers was not run.
- fallback table: the router's own, for the region that it runs in, while DNS is down. CloudFront Function: what its
  store holds for the edge location.
- great circle (baseline): the region the fewest kilometres away, as routers choose that know no more than places.
- one region (baseline): the best single one of the set. optimum: each city's nearest.

CloudFront sends what it does not cache straight from the edge location to the origin, so the times are those of that
way. The last column is the mean if everything went by way of the regional edge cache, where the router runs.
"""

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table

from bench.served import DISTANCE, FUNCTION, LOCATION, OPTIMUM, REGION, Served, policies
from components.aws_regions import usable
from geography import CITIES, REGIONS, city_of_region, edge_cache_of, nearest
from geography.good_sets import good_set
from geography.latency import PERCENTILES, Latency, by_edge_cache, latency
from sandbox.regret import regret

COUNTS = (1, 2, 3, 5, 8)
PASSED = ("us-east-1", "eu-west-1", "af-south-1")
"""Regions of which the one next door to Cape Town is not the nearest to its regional edge cache."""
_MOST_WORSE = 1.01


def run(console: Console) -> None:
    """Prints the latencies of each set of regions, the goals, and what becomes of Cape Town."""
    found = {regions: policies(regions) for regions in sets()}
    for regions, served in found.items():
        console.print(f"{len(regions)}: {', '.join(regions)}", highlight=False)
        console.print(_table(regions, served))
        console.print()
    console.print(_goals(found))
    console.print(f"\nCape Town, with {', '.join(PASSED)}:", highlight=False)
    console.print(_cape_town())


def sets() -> list[tuple[str, ...]]:
    """A good set of regions for each count."""
    return [good_set(count, usable() & set(REGIONS)) for count in COUNTS]


def worst_excess(served: Mapping[str, Served]) -> float:
    """The largest ratio of a percentile, or the worst city, of `routing: location` to the optimum's."""
    found, best = latency(served[LOCATION]), latency(served[OPTIMUM])
    return max(one / other for one, other in zip(_times(found), _times(best), strict=True))


def astray(regions: Sequence[str], served: Served) -> list[str]:
    """The cities that are not served by the region nearest to their regional edge cache."""
    return [
        name for name, city in CITIES.items() if served[name] != nearest(city_of_region(edge_cache_of(city)), regions)
    ]


def _times(of: Latency) -> list[float]:
    return [*of.percentiles.values(), of.worst]


def _table(regions: Sequence[str], served: Mapping[str, Served]) -> Table:
    percentiles = [f"p{percent} ms" for percent in PERCENTILES]
    columns = ("policy", "mean ms", *percentiles, "worst ms", "in", "regret ms", "of people", "by edge cache ms")
    table = Table(*columns, box=None)
    for name, each in served.items():
        found, lost = latency(each), regret(each, regions)
        times = [f"{ms:.0f}" for ms in (found.mean, *_times(found))]
        losses = f"{lost.mean_ms:.1f}", f"{lost.people:.1%}", f"{latency(each, by_edge_cache).mean:.0f}"
        table.add_row(name, *times, found.worst_city, *losses)
    return table


def _goals(found: Mapping[tuple[str, ...], Mapping[str, Served]]) -> Table:
    excess = max(map(worst_excess, found.values()))
    lost = sum(len(astray(regions, served[REGION])) for regions, served in found.items())
    table = Table("goal", "measured", "", box=None)
    for goal, measured, met in (
        ("location: within 1 % of the optimum, at every percentile", f"{excess - 1:.1%}", excess <= _MOST_WORSE),
        ("region: the optimum as seen from the regional edge cache", f"{lost} cities elsewhere", not lost),
    ):
        table.add_row(goal, measured, "met" if met else "missed")
    return table


def _cape_town() -> Table:
    table = Table("policy", "served by", "ms", box=None)
    served = policies(PASSED)
    for name in (REGION, LOCATION, FUNCTION, DISTANCE, OPTIMUM):
        region = served[name]["Cape Town"]
        table.add_row(name, region, f"{CITIES['Cape Town'].rtt[region]:.0f}")
    return table

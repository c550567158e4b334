"""What routing by the regional edge cache costs against the best that each city could have.

Route 53 answers for the place that asks, and that is the regional edge cache, not the viewer. So a city can be
sent past the region that is nearest to it; the difference is its regret.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from geography import CITIES, City, city_of_region, edge_cache_of, nearest


@dataclass(frozen=True)
class Regret:
    """The cities that are sent elsewhere than to their nearest region, by milliseconds there and back lost."""

    cities: Mapping[str, float]
    people: float
    """Share of the data's population that lives in them, 0 to 1."""
    mean_ms: float
    """Milliseconds lost, averaged over all people, those who lose nothing included."""

    def __str__(self) -> str:
        if not self.cities:
            return f"all {len(CITIES)} cities are served by their nearest region"
        worst = max(self.cities, key=lambda name: self.cities[name])
        return (
            f"{len(self.cities)} of {len(CITIES)} cities ({self.people:.1%} of the people) are not served by their "
            f"nearest region: {self.mean_ms:.2f} ms more for the average person, {self.cities[worst]:.0f} ms for "
            f"{worst}, the worst"
        )


def served_by_latency_records(regions: Collection[str]) -> dict[str, str]:
    """City -> AWS region that Route 53 names to its edge cache, where each of `regions` has a latency record."""
    return {name: nearest(city_of_region(edge_cache_of(city)), regions) for name, city in CITIES.items()}


def served_by_location(regions: Collection[str]) -> dict[str, str]:
    """City -> the one of `regions` that is nearest to its edge location, which lies in it."""
    return {name: nearest(city, regions) for name, city in CITIES.items()}


def regret(served: Mapping[str, str], regions: Collection[str]) -> Regret:
    """The regret where each city is served by the region that `served` names, out of `regions`."""
    lost = {name: _lost_ms(city, served[name], regions) for name, city in CITIES.items()}
    losers = {name: ms for name, ms in lost.items() if ms > 0}
    population = sum(city.population for city in CITIES.values())
    return Regret(
        cities=losers,
        people=sum(CITIES[name].population for name in losers) / population,
        mean_ms=sum(CITIES[name].population * ms for name, ms in losers.items()) / population,
    )


def _lost_ms(city: City, served: str, regions: Collection[str]) -> float:
    return city.rtt[served] - city.rtt[nearest(city, regions)]

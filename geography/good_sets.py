"""Which regions to choose, if only their number is given."""

from collections.abc import Collection, Sequence

from geography import CITIES


def good_set(count: int, candidates: Collection[str]) -> tuple[str, ...]:
    """The `count` of `candidates` that keep the mean round trip of all people short, each city at its nearest.

    Grown by the region that helps most, then bettered by exchanging one region at a time until no exchange helps: not
    proven to be the very best, but none is better that differs in one region. By name, so the same for the same data.
    """
    columns = {region: [city.rtt[region] for city in CITIES.values()] for region in sorted(candidates)}
    chosen: list[str] = []
    while len(chosen) < count:
        chosen.append(_best_beside(chosen, columns))
    while better := _exchange(chosen, columns):
        chosen = better
    return tuple(sorted(chosen))


def _exchange(chosen: Sequence[str], columns: dict[str, list[float]]) -> list[str] | None:
    """`chosen` with one region exchanged for a better one, None where there is none."""
    for region in chosen:
        rest = [other for other in chosen if other != region]
        exchanged = [*rest, _best_beside(rest, columns)]
        if _cost(exchanged, columns) < _cost(chosen, columns):
            return exchanged
    return None


def _best_beside(chosen: Sequence[str], columns: dict[str, list[float]]) -> str:
    others = [region for region in columns if region not in chosen]
    return min(others, key=lambda region: _cost([*chosen, region], columns))


def _cost(regions: Sequence[str], columns: dict[str, list[float]]) -> float:
    """The mean round trip, times the number of people."""
    times = zip(*(columns[region] for region in regions), strict=True)
    cost: float = sum(city.population * min(each) for city, each in zip(CITIES.values(), times, strict=True))
    return cost

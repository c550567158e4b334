"""Routers whose DNS says what a test wants."""

from typing import Any, cast

from regional_headers import RegionalHeaders
from resolver import Answer
from router import Router
from table import Table

KEYS = ("ireland", "sydney", "tokyo")
HOSTS = {key: f"{key}-appsync.example.com" for key in KEYS}
ROUTES: dict[str, Any] = {
    "record": "latency-routing.example.com",
    "zone": "example.com",
    "routing": "region",
    "regions": {
        "ireland": {"host": HOSTS["ireland"], "region": "eu-west-1"},
        "sydney": {"host": HOSTS["sydney"], "region": "ap-southeast-2"},
        "tokyo": {"host": HOSTS["tokyo"], "region": "ap-northeast-1"},
    },
    "nearest": {"eu-west-2": ["ireland", "tokyo", "sydney"], "ap-south-1": ["tokyo", "sydney", "ireland"]},
    "diagnostics": True,
}

Said = Answer | Exception | None


def say(said: Said) -> Answer | None:
    if isinstance(said, Exception):
        raise said
    return said


class Here:
    """In place of a resolver; `asked` counts."""

    def __init__(self, said: Said = None) -> None:
        self.said = said
        self.asked = 0

    def answer(self) -> Answer | None:
        self.asked += 1
        return say(self.said)


class There:
    """In place of the places."""

    def __init__(self, said: Said = None) -> None:
        self.said = said
        self.asked: list[tuple[str, bytes]] = []

    def answer(self, location: str, subnet: bytes) -> Answer | None:
        self.asked.append((location, subnet))
        return say(self.said)


class Lives:
    """In place of the regions' health: all are alive but `dead`."""

    def __init__(self, *dead: str, fails: Exception | None = None) -> None:
        self.dead = dead
        self.fails = fails
        self.asked: list[tuple[str, bool]] = []

    def is_alive(self, key: str, *, may_ask: bool) -> bool:
        self.asked.append((key, may_ask))
        if self.fails:
            raise self.fails
        return key not in self.dead


def router(
    routes: dict[str, Any] | None = None,
    here: Here | None = None,
    there: There | None = None,
    region: str = "eu-west-2",
    lives: Lives | None = None,
) -> Router:
    """`there` is for `routing: location` alone, `lives` where DNS tells of each region."""
    return Router(
        Table(ROUTES | (routes or {}), region),
        cast("Any", here or Here()),
        cast("Any", there),
        RegionalHeaders(lambda _: None),
        region,
        cast("Any", lives),
    )

"""The deployment that a stack's config asks for: its regions, and every name and host that follows from them.

Names and hosts are computed here and nowhere else, from the config alone, so that the router's table is known before
any resource exists and nothing has to wait for, or refer back to, what it names.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from components import config_region_options, config_regions, config_rules, failover, nearness, origin_headers
from components.config_error import ConfigError
from components.failover import Failover

GLOBAL_REGION = "us-east-1"
"""Where AWS wants what is global: CloudFront's certificates and functions, AppSync's domain certificates."""

DOMAIN_TAG = "antipodes:domain"
"""The tag by which is found whose a resource is, also one that has outlived its stack."""

CANARY = "antipodes-canary"
"""A hyphen, which no table of an API has in its name."""

DRAIN_HOLDERS = 2
"""The other regions that a region's drain switch lies in, where there are so many: either may be lost."""


@dataclass(frozen=True)
class Region:
    """One region of the API: `key` is its name in DNS answers and hosts, `name` is AWS's name for it.

    Of the viewers that would be sent to it, it takes `dial` percent. A `drained` one has everything that others have
    but requests: no router and no DNS answer names it.
    """

    key: str
    name: str
    host: str
    dial: int = config_region_options.WHOLE_DIAL
    drained: bool = False


@dataclass(frozen=True, kw_only=True)
class Topology:
    """A config that is known to be good."""

    domain: str
    subdomain: str
    creates_zone: bool
    protected: bool
    regions: tuple[Region, ...]
    home: Region | None
    """Owns the tables that all regions share; None where each region has its own."""
    strong: bool
    """Whether a read in one region may see at once what was written in another."""
    router: str
    """`lambda` (Lambda@Edge, which asks DNS) or `function` (a CloudFront Function, which goes by its own store)."""
    failover: Failover | None
    """How soon DNS stops naming a region that fails; None where nobody asks DNS."""
    routing: str
    """By the place of what: `region` (of the router, where its Lambda function runs) or `location` (of the viewer)."""
    sticky: str | None
    """By what a viewer is held to a region: `cookie` or `header`; None where by nothing."""
    writes: Region | None
    """Takes every write; None where each region takes those of its viewers."""
    diagnostics: bool
    """Whether the edge tells its choice to who asks."""
    origin_headers: Mapping[str, Mapping[str, str]] = field(repr=False)
    """Region key -> the headers that its origin gets from the edge alone. Their values are secret."""

    @property
    def serving(self) -> tuple[Region, ...]:
        """The regions that may be sent requests."""
        return tuple(region for region in self.regions if not region.drained)

    @property
    def host(self) -> str:
        """The one name that clients use."""
        return f"{self.subdomain}.{self.domain}"

    @property
    def url(self) -> str:
        return f"https://{self.host}/graphql"

    @property
    def latency_record(self) -> str:
        """The name whose CNAME answer is the key of the nearest region."""
        return f"{config_rules.LATENCY_LABEL}.{self.domain}"

    @property
    def liveness_records(self) -> dict[str, str]:
        """Region key -> the name whose CNAME answer is the key while the region is healthy.

        Empty where the router sends no viewer to a region that the latency record did not name, or asks no DNS.
        """
        strays = self.sticky is not None or not all(map(_is_whole, self.serving))
        if self.failover is None or not strays or len(self.serving) == 1:
            return {}
        return {region.key: f"{region.key}.{self.latency_record}" for region in self.serving}

    @property
    def default_origin(self) -> str:
        """The origin in the distribution's own settings, which the router replaces in every request."""
        return f"{config_rules.DEFAULT_ORIGIN_LABEL}.{self.domain}"

    @property
    def token_secret(self) -> str:
        """The secret's name, the same in every region; a domain holds one stack, so it is the stack's own."""
        return f"antipodes/{self.domain}/token"

    def table_name(self, name: str) -> str:
        """The physical name of the table that the API calls `name`: the same in every region, known beforehand."""
        return f"{self.domain}.{name}"

    @property
    def canary_table(self) -> str:
        """The physical name of the project's own table: probes, drain switches and what operators did."""
        return self.table_name(CANARY)

    def alarm_name(self, key: str, kind: str) -> str:
        """The name of a region's alarm on a `kind` of trouble: known beforehand, as it is from its alarm's region."""
        return f"{self.domain}-{key}-{kind}"

    def drain_holders(self, key: str) -> tuple[Region, ...]:
        """The regions that are asked whether the region `key` is drained: the config's first ones, and never itself.

        So a region that is added last is asked for no other, and no other's checks change: Route 53 takes an inverted
        check for unhealthy until it has data ("How Route 53 determines whether a health check is healthy" in its
        Developer Guide), and would leave the region out meanwhile. Drained ones hold too: they stay deployed. A region
        of a stack of two has one holder, and that of a stack of one has none.
        """
        return tuple(region for region in self.regions if region.key != key)[:DRAIN_HOLDERS]

    def next_region(self, key: str) -> Region | None:
        """The one that follows the region `key` in the config, the first after the last; None where it is alone."""
        place = [region.key for region in self.regions].index(key)
        others = self.regions[place + 1 :] + self.regions[:place]
        return others[0] if others else None

    @property
    def outputs(self) -> dict[str, Any]:
        """What the stack tells of itself to those who operate it."""
        told: dict[str, Any] = {
            "url": self.url,
            "domain": self.domain,
            "regions": {region.key: region.name for region in self.regions},
            "hosts": {region.key: region.host for region in self.regions},
            "drained": [region.key for region in self.regions if region.drained],
            "dials": {region.key: region.dial for region in self.regions if not _is_whole(region)},
            "router": self.router,
            "routing": self.routing,
            **({"writes": self.writes.key} if self.writes else {}),
            **({"failover": _budget(self.failover)} if self.failover else {}),
            "latencyRecord": self.latency_record,
            "canaryTable": self.canary_table,
            "tokenSecret": {"name": self.token_secret, "region": GLOBAL_REGION},
        }
        if self.home is None:
            return {**told, "data": "regional"}
        return {**told, "data": "replicated", "home": self.home.key}

    @property
    def routes(self) -> dict[str, Any]:
        """The table that the router goes by, baked into its code; what is off, or as usual, is not in it."""
        return {
            "record": self.latency_record,
            "zone": self.domain,
            "routing": self.routing,
            "regions": {region.key: _route(region, self.liveness_records) for region in self.serving},
            "nearest": nearness.by_region({region.key: region.name for region in self.serving}),
            **({"sticky": self.sticky} if self.sticky else {}),
            **({"writes": self.writes.key} if self.writes else {}),
            "diagnostics": self.diagnostics,
        }


def _route(region: Region, liveness_records: Mapping[str, str]) -> dict[str, Any]:
    return {
        "host": region.host,
        "region": region.name,
        **({} if _is_whole(region) else {"dial": region.dial}),
        **({"alive": liveness_records[region.key]} if region.key in liveness_records else {}),
    }


def _budget(failover: Failover) -> dict[str, Any]:
    return {
        "mode": failover.mode,
        "interval": failover.interval,
        "threshold": failover.threshold,
        "ttl": failover.ttl,
        "seconds": failover.seconds,
    }


def _is_whole(region: Region) -> bool:
    return region.dial == config_region_options.WHOLE_DIAL


def load(config: Mapping[str, Any], secret_keys: Collection[str] = ()) -> Topology:
    """The topology of a stack's config.

    Args:
        config: full keys (`antipodes:domain`) to values, objects decoded.
        secret_keys: those whose values no error may show.

    Raises:
        ConfigError: with every problem of the config, not the first alone.
    """
    problems = config_rules.problems(config, secret_keys)
    if problems:
        raise ConfigError(problems)
    domain = str(config["antipodes:domain"])
    regions = tuple(
        Region(
            key,
            config_regions.aws_region(value),
            f"{key}{config_rules.REGION_HOST_SUFFIX}.{domain}",
            config_region_options.dial(value),
            config_region_options.drained(value),
        )
        for key, value in config["antipodes:regions"].items()
    )
    by_key = {region.key: region for region in regions}
    router = str(config.get("antipodes:router", "lambda"))
    sticky = str(config.get("antipodes:sticky", "off"))
    return Topology(
        domain=domain,
        subdomain=str(config.get("antipodes:subdomain", config_rules.DEFAULT_SUBDOMAIN)),
        creates_zone=config.get("antipodes:hostedZone") == "create",
        protected=_flag(config, "protected", default=False),
        regions=regions,
        home=by_key.get(str(config.get("antipodes:home"))),
        strong=config.get("antipodes:consistency") == "strong",
        router=router,
        failover=None if router == "function" else failover.MODES[str(config.get("antipodes:failover", "default"))],
        routing="location" if router == "function" else str(config.get("antipodes:routing", "region")),
        sticky=None if sticky == "off" else sticky,
        writes=by_key.get(str(config.get("antipodes:writes"))),
        diagnostics=_flag(config, "diagnostics", default=True),
        origin_headers=origin_headers.normalized(config.get("antipodes:originHeaders", {})),
    )


def _flag(config: Mapping[str, Any], key: str, *, default: bool) -> bool:
    return str(config.get(f"antipodes:{key}", default)).lower() == "true"

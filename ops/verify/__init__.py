"""Whether every link of a deployed stack's chain holds, from public DNS to subscriptions in every region.

Each link is a file here: a small reader, and a pure judgement of what was read. All are read at once, and each fails
for itself: a region that is dead, or a call that AWS refuses, is a finding like any other.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import dns.exception
from botocore.exceptions import BotoCoreError, ClientError

from ops import replication as lags_of
from ops.deployment import Deployment
from ops.reach import UnreachableError
from ops.replication import Lag
from ops.verify import (
    alarms,
    authorizer,
    certificate,
    distribution,
    edge_store,
    fan_out,
    global_name,
    health,
    health_checks,
    latency_records,
    liveness_records,
    publishing,
    regional_host,
    replication,
    requests,
    router,
    subscriptions,
    tables,
    token_copies,
)
from ops.verify.finding import Fault, Finding
from ops.verify.link import Link
from ops.verify.site import Site, UntoldError

LINKS: tuple[Link, ...] = (
    global_name.ZONE,
    global_name.NAME,
    certificate.LINK,
    distribution.LINK,
    router.LINK,
    edge_store.LINK,
    latency_records.LINK,
    liveness_records.LINK,
    health_checks.LINK,
    alarms.LINK,
    health.LINK,
    regional_host.LINK,
    authorizer.LINK,
    token_copies.LINK,
    tables.LINK,
    fan_out.LINK,
    publishing.LINK,
    fan_out.DEAD_LETTERS,
    requests.REGIONAL,
    requests.GLOBAL,
    subscriptions.REGIONAL,
    subscriptions.GLOBAL,
)
"""In the order in which a request meets them."""

_AT_ONCE = 32
_REFUSALS = (ClientError, BotoCoreError, UnreachableError, dns.exception.DNSException, OSError)
_UNREADABLE = "See whether the region and its AWS API answer (AWS Health), and whether your credentials may read it."
_UNTOLD = "This deployment does not tell it: run antipodes up with this version, then verify again."


@dataclass(frozen=True)
class Checked:
    """A link that was checked: what is said of it where no finding has its name."""

    link: str
    good: str


@dataclass(frozen=True)
class Verified:
    """`replication` is empty for a stack whose regions share no data."""

    links: tuple[Checked, ...]
    findings: tuple[Finding, ...]
    replication: tuple[Lag, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.findings


def verify(deployment: Deployment, *, rounds: int = lags_of.ROUNDS) -> Verified:
    """Checks the stack; writes nothing but probes into its canary table.

    Args:
        deployment: the stack, and the ways to it.
        rounds: how often each way between two regions is measured.
    """
    site = Site(deployment)
    of_stack = [link for link in LINKS if link.applies(site)]
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        lags = pool.submit(_lags, site, rounds)
        running = [pool.submit(_found, link, site, key) for link, key in _places(site, of_stack)]
        findings = [finding for each in running for finding in each.result()]
    checked = [Checked(link.name, link.good) for link in of_stack]
    after = {link.name: link.after for link in of_stack}
    measured = lags.result()
    if measured is not None:
        checked.append(Checked(replication.NAME, replication.good(measured)))
        findings += _findings(replication.NAME, None, replication.judge(measured))
        after[replication.NAME] = replication.AFTER
    return Verified(tuple(checked), explained(findings, after), tuple(measured or ()))


def explained(findings: Sequence[Finding], after: Mapping[str, Sequence[str]]) -> tuple[Finding, ...]:
    """The findings, each with the links that it may follow from: those before it (`after`: link to these) that have
    faults where it has, or where there are no regions.
    """

    def causes(finding: Finding) -> Iterator[str]:
        for other in findings:
            same_place = None in (finding.region, other.region) or finding.region == other.region
            if other.link in after[finding.link] and same_place and not other.unknown:
                yield other.link

    return tuple(replace(finding, follows=tuple(dict.fromkeys(causes(finding)))) for finding in findings)


def _places(site: Site, links: Iterable[Link]) -> Iterator[tuple[Link, str | None]]:
    for link in links:
        if link.once:
            yield link, None
        if link.in_region:
            yield from ((link, key) for key in link.regions(site))


def _found(link: Link, site: Site, key: str | None) -> list[Finding]:
    try:
        return _findings(link.name, key, link.check(site, key))
    except UntoldError as error:
        return [Finding(link.name, key, f"unknown: the stack has no output {error}", _UNTOLD, unknown=True)]
    except _REFUSALS as error:
        return [Finding(link.name, key, f"cannot be read: {error}", _UNREADABLE)]


def _findings(link: str, key: str | None, faults: Iterable[Fault]) -> list[Finding]:
    return [Finding(link, key, fault.seen, fault.remedy) for fault in faults]


def _lags(site: Site, rounds: int) -> list[Lag] | None:
    """None for a stack whose regions share no data."""
    if site.outputs["data"] != "replicated":
        return None
    return lags_of.measure(site.clients, site.outputs["regions"], site.told("canaryTable"), rounds)

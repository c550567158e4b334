"""The token that clients present: each region's authorizer reads its own region's copy."""

from collections.abc import Iterator

from ops.token import read_token
from ops.verify.finding import Fault
from ops.verify.link import Link
from ops.verify.site import Site

_WAIT = "Secrets Manager replicates within seconds. If it stays so, run antipodes refresh, then antipodes up."


def judge(copy: str, original: str, region: str) -> Iterator[Fault]:
    """`region` is where the original lies."""
    if copy != original:
        yield Fault(f"it has another token than {region}", _WAIT)


def _check(site: Site, key: str) -> Iterator[Fault]:
    secret = site.told("tokenSecret")
    copy = read_token(site.client("secretsmanager", site.region(key)), secret["name"])
    return judge(copy, site.token(), secret["region"])


LINK = Link("token", "the same in every region", in_region=_check)

"""Whether a record's name has a region in it."""

import re

from ...shared.certificate import normal
from ...shared.known import NotKnownError
from ...shared.records import name_of, zone_of
from ...shared.stack import Resource
from ...shared.table import Table
from .answers import key_in
from .aws_regions import LATENCY_REGIONS


def regional_part(record: Resource, table: Table | None) -> str | None:
    """The region's key or AWS's name of a region in the part of the record's name that is below its zone's; or None.

    Raises:
        NotKnownError: the record's name is not known yet.
    """
    name = _spaced(_below_zone(record, table))
    # Without a table, the record's own answer is the one key that is known.
    keys = table.routes if table else filter(None, [_key(record)])
    return next((each for each in sorted({*keys, *LATENCY_REGIONS}) if _spaced(each) in name), None)


def _below_zone(record: Resource, table: Table | None) -> str:
    name = name_of(record)
    zone = zone_of(record)
    told = zone.peek("name") if zone else None
    parents = [alias.partition(".")[2] for alias in table.aliases] if table else []
    candidates = [told, table.zone if table else None, *parents]
    for domain in candidates:
        if isinstance(domain, str) and "." in domain and name.endswith(f".{normal(domain)}"):
            return name.removesuffix(f".{normal(domain)}")
    return name.partition(".")[0]


def _key(record: Resource) -> str | None:
    try:
        return key_in(record)
    except NotKnownError:
        return None


def _spaced(text: str) -> str:
    """The words of a name, so that one is found in another only whole."""
    return f" {' '.join(re.findall('[a-z0-9]+', text.lower()))} "

"""The origins of distributions."""

import re
from collections.abc import Iterator
from typing import Any

from .known import UNKNOWN, NotKnownError, Properties
from .stack import Resource

_BUCKET_HOST = re.compile(r"(?:^|\.)s3(?:[.-][a-z0-9.-]+)?\.amazonaws\.com(?:\.cn)?$")


def origin_of(distribution: Resource, behaviour: Properties) -> Properties | None:
    """The origin that the behaviour names; None where it names a group of them, or nothing that there is.

    Raises:
        NotKnownError: which it is is not known yet.
    """
    return _named(distribution.each("origins"), behaviour.read("targetOriginId"))


def group_of(distribution: Resource, behaviour: Properties) -> Properties | None:
    """The origin group that the behaviour names; None where it names an origin.

    Raises:
        NotKnownError: which it is is not known yet.
    """
    return _named(distribution.each("originGroups"), behaviour.read("targetOriginId"))


def is_bucket(origin: Properties) -> bool:
    """Whether the origin is an S3 bucket: functions see `origin.s3` there, and no `origin.custom`."""
    if any(origin.peek(key) for key in ("s3OriginConfig", "originAccessControlId")):
        return True
    host: Any = origin.peek("domainName")
    if host is UNKNOWN:
        return not any(origin.peek(key) for key in ("customOriginConfig", "vpcOriginConfig"))
    return bool(_BUCKET_HOST.search(host or ""))


def members(distribution: Resource, behaviour: Properties) -> Iterator[Properties]:
    """The origin of the behaviour, or those of its group.

    Raises:
        NotKnownError: which they are is not known yet.
    """
    group = group_of(distribution, behaviour)
    wanted = [each.read("originId") for each in group.each("members")] if group else [behaviour.read("targetOriginId")]
    found = [_named(distribution.each("origins"), name) for name in wanted]
    yield from (each for each in found if each)


def _named(places: list[Properties], name: str) -> Properties | None:
    found = next((each for each in places if each.peek("originId") == name), None)
    unknown = next((each for each in places if each.peek("originId") is UNKNOWN), None)
    if found is None and unknown:
        raise NotKnownError(f"{unknown.place}.originId")
    return found

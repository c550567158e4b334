"""What in the code of a function at the edge says that it sends requests to regions.

Many functions set the origin: to test two pages against each other, for a tenant, or to move a bucket; that the stack
has APIs in several regions beside them says nothing. A router does it by the region: its code sets the domain of a
custom origin, and finds out which region is near, or names the hosts of several.
"""

import re

from .code import texts
from .kinds import APIS, CLOUDFRONT_FUNCTION, DOMAINS, FUNCTION
from .known import UNKNOWN, NotKnownError
from .records import latency_records
from .stack import Resource, Stack, once

ROUTES_FILE = "routes.json"

# `origin.custom.domainName = host`, `origin["custom"]["domainName"] = host`, `origin = {custom: {domainName: host`.
_ASSIGNS_DOMAIN = re.compile(r"""(?:\.|\[\s*["'])domainName["']?\s*\]?\s*=[^=]""")
_GIVES_DOMAIN = re.compile(r"""custom["']?\s*\]?\s*[:=]\s*\{[^{}]*\bdomainName\b""")
_CUSTOM = re.compile(r"""\bcustom\b""")
_CHANGES_ORIGIN = re.compile(r"\b(?:updateRequestOrigin|selectRequestOriginById|createRequestOriginGroup)\s*\(")

# Node's dns module and those of Python; CloudFront Functions have no network, and go by where they run.
_ASKS_DNS = re.compile(
    r"""require\(\s*["'](?:node:)?dns\b|from\s+["'](?:node:)?dns\b|\bresolveCname\b|\bdns\.(?:resolver|message)\b"""
)
_KNOWS_PLACE = re.compile(r"\bedgeLocation\b")
_REGIONAL_HOST = re.compile(
    r"(?:execute-api|appsync-api|lambda-url)\.([a-z]{2}(?:-[a-z]+)+-\d)\b|\.([a-z]{2}(?:-[a-z]+)+-\d)\.elb\.amazonaws"
)

API_HOSTS = (
    *APIS,
    *DOMAINS,
    "aws:lambda/functionUrl:FunctionUrl",
    "aws:lb/loadBalancer:LoadBalancer",
)


@once
def is_router(function: Resource) -> bool:
    """Whether what the engine shows of the function's code, and of the stack that it is in, says that it routes.

    Raises:
        NotKnownError: its code is not known yet, and the stack has an API in several regions to send requests to.
    """
    files = texts(function)
    if files is UNKNOWN:
        if has_several_regions(function.stack):
            raise NotKnownError("code")
        return False
    if has_table(function):
        return True
    code = "\n".join(files.values())
    return _sets_origin(code) and (_finds_region(code, function.stack) or has_region_keys(function.stack))


def has_table(function: Resource) -> bool:
    """Whether the table of regions is in the function's package."""
    files = texts(function)
    return files is not UNKNOWN and ROUTES_FILE in files


@once
def routers(stack: Stack) -> list[Resource]:
    """The functions of the stack that are known to route, whether a distribution carries them or not."""
    return [each for each in stack.of(FUNCTION, CLOUDFRONT_FUNCTION) if texts(each) is not UNKNOWN and is_router(each)]


@once
def may_have_router(stack: Stack) -> bool:
    """Whether a function of the stack is known to route, or may do so for all that is known of its code."""
    unseen = any(texts(each) is UNKNOWN for each in stack.of(FUNCTION, CLOUDFRONT_FUNCTION))
    return bool(routers(stack)) or (unseen and has_several_regions(stack))


@once
def has_several_regions(stack: Stack) -> bool:
    """Whether the stack has an API in several regions, or latency records of type CNAME."""
    return bool(latency_cnames(stack)) or len({api.region for api in stack.of(*API_HOSTS)} - {UNKNOWN, None}) > 1


@once
def latency_cnames(stack: Stack) -> list[Resource]:
    """The latency records that a router may ask: an answer of any other type would not name a region."""
    return [each for each in latency_records(stack) if each.peek("type") == "CNAME"]


@once
def has_region_keys(stack: Stack) -> bool:
    """Whether latency records answer with keys, such as `ireland`, which mean nothing but to a router."""
    answers = [each.peek("records") for each in latency_cnames(stack)]
    return any(
        isinstance(value, str) and "." not in value
        for values in answers
        if isinstance(values, list)
        for value in values
    )


def regions_of_hosts(text: str) -> set[str]:
    """The regions whose hosts the text names, by the names that AWS gives the hosts of APIs."""
    return {one or other for one, other in _REGIONAL_HOST.findall(text)}


def _sets_origin(code: str) -> bool:
    sets_domain = _ASSIGNS_DOMAIN.search(code) and _CUSTOM.search(code)
    return bool(sets_domain or _GIVES_DOMAIN.search(code) or _CHANGES_ORIGIN.search(code))


def _finds_region(code: str, stack: Stack) -> bool:
    if _ASKS_DNS.search(code) or _KNOWS_PLACE.search(code):
        return True
    return len(regions_of_hosts(code) | _regions_of_domains(code, stack)) > 1


def _regions_of_domains(code: str, stack: Stack) -> set[str]:
    """The regions of the stack's APIs whose own domains the code names."""
    named = [each for each in stack.of(*DOMAINS) if _is_in(code, each.peek("domainName"))]
    return {each.region for each in named if isinstance(each.region, str)}


def _is_in(code: str, host: object) -> bool:
    return isinstance(host, str) and bool(re.search(rf"(?<![\w.-]){re.escape(host)}(?![\w-])", code, re.IGNORECASE))

"""Event source mappings that read DynamoDB's streams, and the tables that they read."""

import re

from ...shared.kinds import APIS, FUNCTION, MAPPING, TABLE
from ...shared.known import UNKNOWN
from ...shared.stack import Resource
from .deployment import Deployment, Region

_STREAM = re.compile(r"arn:[^:]+:dynamodb:(?P<region>[^:]+):[^:]*:table/(?P<table>[^/]+)/stream/")
_AN_ENDPOINT = re.compile(r"/graphql\b|\.appsync-api\.|\.execute-api\.")


def tables_read(mapping: Resource) -> list[Resource]:
    """The stack's tables that the stream may be of; a table and its inline replicas are one resource."""
    arn = mapping.peek("eventSourceArn")
    tables = mapping.sources("eventSourceArn", TABLE)
    if arn is UNKNOWN or not isinstance(arn, str):
        return tables
    stream = _STREAM.match(arn)
    return [each for each in mapping.stack.of(TABLE) if stream and each.output("name") == stream["table"]]


def stream_region(mapping: Resource) -> str | None:
    """The region of the stream that the mapping reads; None where that is not known yet or it reads another source."""
    arn = mapping.peek("eventSourceArn")
    stream = _STREAM.match(arn) if isinstance(arn, str) else None
    return stream["region"] if stream else None


def reads_stream(mapping: Resource) -> bool:
    return bool(tables_read(mapping)) or stream_region(mapping) is not None


def mappings_in(deployment: Deployment, region: Region) -> list[Resource]:
    """The region's mappings that read streams of tables."""
    return [
        each for each in deployment.stack.of(MAPPING) if reads_stream(each) and deployment.lies_in(each) == region.name
    ]


def functions_of(mapping: Resource) -> list[Resource]:
    """The function that the mapping calls; none where another stack made it."""
    return mapping.sources("functionName", FUNCTION, value=mapping.peek("functionName"))


def publishers(deployment: Deployment, region: Region) -> list[Resource]:
    """The region's mappings whose functions publish: those that are told of an API; where none is, all of them."""
    mappings = mappings_in(deployment, region)
    told = [each for each in mappings if any(map(_knows_an_api, functions_of(each)))]
    return told or mappings


def _knows_an_api(function: Resource) -> bool:
    if function.sources("environment", *APIS):
        return True
    environment = function.inner("environment")
    values = environment.peek("variables") if environment else None
    told = values.values() if isinstance(values, dict) else ()
    return any(isinstance(value, str) and _AN_ENDPOINT.search(value) for value in told)

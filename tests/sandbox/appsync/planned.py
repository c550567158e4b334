"""Plans of subscriptions to an API that is nowhere deployed."""

from typing import Any

from sandbox.appsync.api import Api, Resolver
from sandbox.appsync.directives import audiences
from sandbox.appsync.documents import Documents
from sandbox.appsync.plan import Plan, plan
from sandbox.appsync.request import Caller, Request
from sandbox.appsync.schema import build

TYPES = """
type Event {
  id: ID!, name: String, size: Int, open: Boolean, place: Place, tags: [Tag!], places: [Place]!, owner: Owner
}
type Place { city: String!, street: String }
type Tag { text: String! }
type Person { name: String }
type Team { name: String!, size: Int }
union Owner = Person | Team
"""
SDL = (
    TYPES
    + """
type Query { a: ID }
type Mutation { publish: Event, other: Event }
type Subscription {
  changed(id: ID, name: String, size: Int, open: Boolean, city: String = "Dublin"): Event
    @aws_subscribe(mutations: ["publish", "other"])
  resolved: Event @aws_subscribe(mutations: ["publish"])
  never: Event
}
"""
)
SCHEMA = build(SDL)
API = Api(
    id="a1",
    account="000000000000",
    region="eu-west-1",
    configuration={"arn": "arn:aws:appsync:eu-west-1:000000000000:apis/a1"},
    schema=SCHEMA,
    resolvers={("Subscription", "resolved"): Resolver("arn", "", "")},
    audiences=audiences(SCHEMA, "AWS_LAMBDA"),
    documents=Documents(SCHEMA, {}),
)
HERE = (API.region, API.id)


def planned(query: str, *, denied: tuple[str, ...] = (), **variables: Any) -> Plan:
    request = Request(query, variables, None, {}, None, "/graphql", b"")
    return plan(API, request, Caller("AWS_LAMBDA", {}, frozenset(denied)))

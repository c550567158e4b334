from typing import Any

import pytest

from sandbox.appsync.plan import RefusedSubscriptionError
from tests.sandbox.appsync.planned import planned


def errors(query: str, **more: Any) -> list[dict[str, Any]]:
    with pytest.raises(RefusedSubscriptionError) as refused:
        planned(query, **more)
    return refused.value.errors


def test_a_plan_follows_the_mutations_that_the_schema_names() -> None:
    assert planned("subscription { changed { id } }").mutations == ("publish", "other")
    assert planned("subscription { never { id } }").mutations == ()


def test_only_arguments_that_are_given_filter() -> None:
    query = """
    subscription S($id: ID, $n: String, $s: Int, $o: Boolean) {
      changed(id: $id, name: $n, size: $s, open: $o, city: null) { id }
    }
    """
    assert planned(query).arguments == {"city": None}
    assert planned("subscription { changed { id } }").arguments == {"city": "Dublin"}, (
        "a default is given by the schema"
    )
    both = planned(query, id=7, n=None)
    assert both.arguments == {"id": "7", "name": None, "city": None}
    assert both.wants({"id": "7"})
    assert both.wants({"id": "7", "name": None, "size": 3})
    assert not both.wants({"id": "7", "name": "x"})
    assert not both.wants({"id": "8"})
    assert not both.wants({"name": None})
    assert not planned(query, o=True).wants({"open": 1})
    assert planned(query, s=1).wants({"size": 1})


def test_what_cannot_start_says_why() -> None:
    assert errors("{ a }") == [
        {"errorType": "UnsupportedOperation", "message": "query not supported through the realtime channel"}
    ]
    assert (
        "does not emulate resolvers of subscriptions with a function"
        in (errors("subscription { resolved { id } }")[0]["message"])
    )
    assert errors("subscription { changed { id } }", denied=("Subscription.changed",)) == [
        {"errorType": "Unauthorized", "message": "Not Authorized to access changed on type Subscription"}
    ]
    assert "Validation error" in errors("subscription { changed { id } never { id } }")[0]["message"]
    assert "got invalid value" in errors("subscription S($s: Int) { changed(size: $s) { id } }", s="x")[0]["message"]
    assert errors("subscription S($no: Boolean!) { changed @include(if: $no) { id } }", no=False)

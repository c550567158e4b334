from region.fan_out.changes import published
from tests.region.fan_out.stream import change, record

HOW = {"field": "publishThing", "document": "mutation"}


def test_only_the_kinds_that_the_table_publishes_are_published_in_the_order_of_the_stream() -> None:
    records = [record(1, "INSERT"), record(2, "MODIFY"), record(3, "REMOVE"), record(4, "INSERT")]

    found = published(records, {"example.com.things": {"INSERT": HOW, "REMOVE": HOW}})

    assert [each.event_id for each in found] == ["event-1", "event-3", "event-4"]
    assert {(each.field, each.document) for each in found} == {("publishThing", "mutation")}


def test_a_table_that_is_published_no_more_is_passed_over() -> None:
    assert published([record(1)], {"example.com.others": {"MODIFY": HOW}}) == []


def test_a_change_carries_the_item_as_it_is_now_and_a_removal_as_it_was() -> None:
    modified = record(1, n={"N": "1"})
    modified["dynamodb"]["OldImage"] = {"id": {"S": "a"}, "n": {"N": "0"}}
    (now,) = published([modified], {"example.com.things": {"MODIFY": HOW}})

    assert now.item() == {"id": "a", "n": 1}
    assert change(2, "INSERT", n={"N": "2"}).item() == {"id": "a", "n": 2}
    assert change(3, "REMOVE", n={"N": "3"}).item() == {"id": "a", "n": 3}


def test_items_are_told_apart_by_their_key_and_table() -> None:
    elsewhere = record(1)
    elsewhere["eventSourceARN"] = elsewhere["eventSourceARN"].replace("things", "others")
    (other,) = published([elsewhere], {"example.com.others": {"MODIFY": HOW}})

    assert change(1, n={"N": "1"}).item_key == change(2, "REMOVE").item_key
    assert len({change(1).item_key, change(1, key="b").item_key, other.item_key}) == 3

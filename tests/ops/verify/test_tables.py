from ops.verify.tables import judge, judge_stream

STREAM = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}


def seen(table: dict[str, str] | None, status: str | None) -> list[str]:
    return [fault.seen for fault in judge("events", table, status)]


def test_an_active_table_and_an_active_replica_are_good():
    assert seen({"TableStatus": "ACTIVE"}, None) == []
    assert seen({"TableStatus": "ACTIVE"}, "ACTIVE") == []


def test_a_table_that_is_not_there_is_told_once():
    assert seen(None, "it has no replica here") == ["events is not there"]


def test_a_table_of_the_name_that_is_no_replica_is_told():
    assert seen({"TableStatus": "ACTIVE"}, "it has no replica here") == [
        "events is no replica of the others: its home says it has no replica here"
    ]


def test_one_that_is_being_made_is_told():
    assert seen({"TableStatus": "CREATING"}, "CREATING") == ["events is CREATING"]


def test_a_published_table_needs_a_stream_of_both_images():
    assert list(judge_stream("events", {"StreamSpecification": STREAM})) == []
    for stream in ({}, {**STREAM, "StreamEnabled": False}, {**STREAM, "StreamViewType": "KEYS_ONLY"}):
        assert len(list(judge_stream("events", {"StreamSpecification": stream}))) == 1

import json

from region.fan_out.dead_letters import DeadLetters, letter
from tests.region.fan_out.conftest import Queue
from tests.region.fan_out.stream import change


def test_a_letter_in_the_queue_has_the_reason_the_mutation_and_the_record(queue: Queue) -> None:
    buried = change(1, word={"S": "\x00\ufffe 中"})  # characters that SQS refuses in a message

    DeadLetters(queue.url, queue.session).bury(buried, "HTTP 413")

    assert queue.letters() == [{"reason": "HTTP 413", "field": "publishThing", "record": buried.record}]


def test_a_record_that_is_too_large_for_a_message_goes_without_its_images() -> None:
    large = change(1, word={"S": "x" * 400_000})

    text = letter(large, "HTTP 413")

    assert len(text.encode()) < 256 * 1024
    record = json.loads(text)["record"]
    assert record["eventID"] == "event-1"
    assert record["dynamodb"]["Keys"] == {"id": {"S": "a"}}
    assert record["dynamodb"]["SequenceNumber"] == "101"
    assert not {"NewImage", "OldImage"} & set(record["dynamodb"])
    assert "NewImage" in large.record["dynamodb"]


def test_the_largest_letter_is_one_that_sqs_takes(queue: Queue) -> None:
    room = 256 * 1024 - len(letter(change(1, "INSERT", word={"S": ""}), "r"))
    full = change(1, "INSERT", word={"S": "x" * room})

    assert len(letter(full, "r")) == 256 * 1024
    DeadLetters(queue.url, queue.session).bury(full, "r")
    assert len(queue.letters()) == 1

from typing import Any

import pytest

from ops.policy_length import MANAGED, length, parts


def document(*resources: int) -> dict[str, Any]:
    """With a statement for each of the numbers: of so many resources, each as long as an ARN usually is."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": f"Read{chr(ord('A') + number)}",
                "Effect": "Allow",
                "Action": ["lambda:GetPolicy"],
                "Resource": [
                    f"arn:aws:lambda:eu-west-1:000000000000:function:{number}-{each:030}" for each in range(count)
                ],
                "Condition": {"StringEquals": {"aws:ResourceTag/number": str(number)}},
            }
            for number, count in enumerate(resources)
        ],
    }


def allowed(policies: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    """Each action with its resource and condition."""
    statements = [each for policy in policies for each in policy["Statement"]]
    return [
        (action, arn, str(each["Condition"]))
        for each in statements
        for action in each["Action"]
        for arn in each["Resource"]
    ]


def test_spaces_do_not_count():
    assert length({"Version": "2012-10-17", "Statement": []}) == len('{"Version":"2012-10-17","Statement":[]}')


def test_what_is_short_enough_is_one_part_and_as_it_was():
    assert parts(document(3, 1)) == [document(3, 1)]


@pytest.mark.parametrize("resources", [(1000,), (40, 40, 40), (1, 300, 1), (70, 71, 72, 73, 1)])
def test_what_is_too_long_is_parts_that_allow_the_same(resources: tuple[int, ...]):
    whole = document(*resources)
    made = parts(whole)

    assert allowed(made) == allowed([whole])
    assert max(map(length, made)) <= MANAGED
    for part in made:
        sids = [statement["Sid"] for statement in part["Statement"]]
        assert len(sids) == len(set(sids))
        assert all(sid.isalnum() for sid in sids)


def test_a_part_ends_where_there_is_no_room_for_one_resource_more():
    room = [MANAGED - length(part) for part in parts(document(1000))]

    assert max(room[:-1]) < len(document(1)["Statement"][0]["Resource"][0]) + len(',""')

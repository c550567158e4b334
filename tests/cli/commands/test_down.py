from cli.commands.down import unexplained

INVENTORY = [
    "lambda us-east-1: edge-router-function-1",
    "lambda us-east-1: edge-router-function-10",
    "logs eu-west-2: /aws/lambda/us-east-1.edge-router-function-1",
    "logs eu-west-2: /aws/lambda/edge-router-function-1",
    "dynamodb eu-west-1: edge-router-function-1-table",
]


def test_what_outlives_a_stack_by_aws_own_rule_is_not_told_as_left_behind():
    assert unexplained(INVENTORY, ["edge-router-function-1"]) == [INVENTORY[1], INVENTORY[3], INVENTORY[4]]
    assert unexplained(INVENTORY, []) == INVENTORY

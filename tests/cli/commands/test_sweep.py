from cli.commands.sweep import functions


def test_the_functions_of_a_state_are_those_that_were_made_also_those_yet_to_be_deleted():
    lambda_function = {"type": "aws:lambda/function:Function"}
    resources = [
        {**lambda_function, "id": "router-1"},
        {**lambda_function, "id": "router-2", "delete": True},
        {**lambda_function, "urn": "of one that is not made yet"},
        {"type": "aws:iam/role:Role", "id": "role"},
    ]
    assert functions({"deployment": {"resources": resources}}) == {"router-1", "router-2"}
    assert functions({"deployment": {}}) == set()

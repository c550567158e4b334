from sandbox.appsync.directives import audiences
from sandbox.appsync.schema import build

FOUND = audiences(
    build(
        """
        type Open { a: ID, secret: ID @aws_iam }
        type Both @aws_lambda @aws_iam { a: ID, secret: ID @aws_iam }
        type Grown { a: ID }
        extend type Grown @aws_iam { b: ID @aws_lambda }
        type Query { a: ID, open: Open, both: Both, key: ID @aws_api_key @aws_subscribe(mutations: []), grown: Grown }
        """
    ),
    "AWS_LAMBDA",
)


def test_what_has_no_directive_is_open_to_the_default_mode_alone() -> None:
    assert FOUND["Query", "a"] == FOUND["Open", "a"] == {"AWS_LAMBDA"}


def test_a_types_directives_are_those_of_its_fields() -> None:
    assert FOUND["Both", "a"] == {"AWS_LAMBDA", "AWS_IAM"}
    assert FOUND["Grown", "a"] == {"AWS_IAM"}


def test_a_fields_own_directives_go_before_its_types() -> None:
    assert FOUND["Both", "secret"] == FOUND["Open", "secret"] == {"AWS_IAM"}
    assert FOUND["Grown", "b"] == {"AWS_LAMBDA"}


def test_other_directives_open_nothing() -> None:
    assert FOUND["Query", "key"] == {"API_KEY"}

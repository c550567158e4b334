from typing import Any

from graphql import FragmentDefinitionNode, OperationDefinitionNode, parse

from sandbox.appsync.selection import selected


def values(query: str, data: dict[str, Any]) -> list[tuple[str, Any]]:
    document = parse(query)
    operation = next(node for node in document.definitions if isinstance(node, OperationDefinitionNode))
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    return selected(operation, fragments, data)


def test_a_result_is_told_by_the_names_of_its_fields() -> None:
    query = """
    mutation { a: publish { b: id ...F } publish { ... on Event { c: tags { d: e } } } }
    fragment F on Event { n: name }
    """
    data = {"a": {"b": "1", "n": "one"}, "publish": {"c": [{"d": 1}, None]}}
    assert values(query, data) == [("publish", {"id": "1", "name": "one"}), ("publish", {"tags": [{"e": 1}, None]})]


def test_what_was_selected_in_two_places_is_one() -> None:
    query = "mutation { publish { place { x } ...F } } fragment F on Event { place { y: z } }"
    assert values(query, {"publish": {"place": {"x": 1, "y": 2}}}) == [("publish", {"place": {"x": 1, "z": 2}})]


def test_what_was_skipped_or_has_no_value_is_told_as_it_is() -> None:
    query = "mutation { publish { id name @skip(if: true) } other { id } }"
    assert values(query, {"publish": {"id": None}, "other": None}) == [("publish", {"id": None}), ("other", None)]

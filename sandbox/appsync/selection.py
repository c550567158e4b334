"""What a resolver is told of the fields that the client selected ("Resolver context object reference", info)."""

from collections.abc import Iterator
from typing import Any

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLResolveInfo,
    GraphQLSkipDirective,
    InlineFragmentNode,
    SelectionSetNode,
    get_directive_values,
    print_ast,
)
from graphql.type import GraphQLIncludeDirective


def selection_set_list(info: GraphQLResolveInfo) -> list[str]:
    """Paths of the selected fields, as `items` and `items/name`; an alias stands for its field."""
    paths = [
        path
        for node in info.field_nodes
        if node.selection_set is not None
        for path in _paths(info, node.selection_set, "")
    ]
    return list(dict.fromkeys(paths))


def selection_set_graphql(info: GraphQLResolveInfo) -> str:
    """The selection set as it was written; "" for a field without one."""
    return "\n".join(print_ast(node.selection_set) for node in info.field_nodes if node.selection_set is not None)


def depth(selection_set: SelectionSetNode | None, fragments: dict[str, Any]) -> int:
    """How many levels of fields lie below; fragments add none of their own."""
    if selection_set is None:
        return 0
    levels = [0]
    for node in selection_set.selections:
        match node:
            case FieldNode():
                levels.append(1 + depth(node.selection_set, fragments))
            case InlineFragmentNode():
                levels.append(depth(node.selection_set, fragments))
            case FragmentSpreadNode():
                levels.append(depth(fragments[node.name.value].selection_set, fragments))
    return max(levels)


def _paths(info: GraphQLResolveInfo, selection_set: SelectionSetNode, prefix: str) -> Iterator[str]:
    for node in selection_set.selections:
        if not _is_included(info, node):
            continue
        match node:
            case FieldNode():
                path = prefix + (node.alias or node.name).value
                yield path
                if node.selection_set is not None:
                    yield from _paths(info, node.selection_set, f"{path}/")
            case InlineFragmentNode():
                yield from _paths(info, node.selection_set, prefix)
            case FragmentSpreadNode():
                yield from _paths(info, info.fragments[node.name.value].selection_set, prefix)


def _is_included(info: GraphQLResolveInfo, node: Any) -> bool:
    skip = get_directive_values(GraphQLSkipDirective, node, info.variable_values)
    include = get_directive_values(GraphQLIncludeDirective, node, info.variable_values)
    return not (skip and skip["if"]) and (include is None or bool(include["if"]))

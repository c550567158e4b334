"""What a resolver is told of the fields that the client selected ("Resolver context object reference", info)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLResolveInfo,
    GraphQLSkipDirective,
    InlineFragmentNode,
    OperationDefinitionNode,
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


Fragments = Mapping[str, FragmentDefinitionNode]


def selected(
    operation: OperationDefinitionNode, fragments: Fragments, data: Mapping[str, Any]
) -> list[tuple[str, Any]]:
    """Each root field of a result with its value, all by the names of the fields where the client gave them others."""
    return [
        (nodes[0].name.value, _by_field(nodes, fragments, data[key]))
        for key, nodes in _by_key([operation.selection_set], fragments).items()
        if key in data
    ]


def _by_field(nodes: Sequence[FieldNode], fragments: Fragments, value: Any) -> Any:
    """The value that `nodes` select; of a field that is there more than once, under several names, the first."""
    if isinstance(value, list):
        return [_by_field(nodes, fragments, item) for item in value]
    sets = [node.selection_set for node in nodes if node.selection_set is not None]
    if not sets or not isinstance(value, dict):
        return value
    found: dict[str, Any] = {}
    for key, children in _by_key(sets, fragments).items():
        name = children[0].name.value
        if key in value and name not in found:
            found[name] = _by_field(children, fragments, value[key])
    return found


def _by_key(sets: Iterable[SelectionSetNode], fragments: Fragments) -> dict[str, list[FieldNode]]:
    """Response key -> the nodes that it merges, fragments spread whatever their type."""
    found: dict[str, list[FieldNode]] = {}
    for node in (node for selection_set in sets for node in selection_set.selections):
        match node:
            case FieldNode():
                found.setdefault((node.alias or node.name).value, []).append(node)
                continue
            case InlineFragmentNode():
                inner = node.selection_set
            case FragmentSpreadNode():
                inner = fragments[node.name.value].selection_set
        for key, nodes in _by_key([inner], fragments).items():
            found.setdefault(key, []).extend(nodes)
    return found


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

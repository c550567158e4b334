"""What an API's schema says of its subscriptions."""

from collections.abc import Iterator

from graphql import (
    DocumentNode,
    EnumTypeDefinitionNode,
    FieldDefinitionNode,
    InputValueDefinitionNode,
    ListTypeNode,
    ListValueNode,
    NamedTypeNode,
    NonNullTypeNode,
    ObjectTypeDefinitionNode,
    OperationType,
    SchemaDefinitionNode,
    StringValueNode,
    TypeNode,
    parse,
)

_LEAVES = {"ID", "String", "Int", "Float", "Boolean"}
# Nobody's: a subscription to it hears of nothing.
_ANYTHING = {"ID": '"antipodes-verify"', "String": '"antipodes-verify"', "Int": "0", "Float": "0", "Boolean": "false"}
# A field with one of these and without @aws_lambda is not open to the token ("Using additional authorization modes" in
# the AWS AppSync Developer Guide).
_OTHER_MODES = {"aws_iam", "aws_api_key", "aws_cognito_user_pools", "aws_oidc", "aws_auth"}


def published(sdl: str) -> set[str]:
    """The mutations that tell subscribers of changes: those that an `@aws_subscribe` names and IAM alone may call."""
    document = parse(sdl)
    named = {
        value.value
        for field in _fields(document, OperationType.SUBSCRIPTION)
        for directive in field.directives
        if directive.name.value == "aws_subscribe"
        for argument in directive.arguments
        if argument.name.value == "mutations" and isinstance(argument.value, ListValueNode)
        for value in argument.value.values
        if isinstance(value, StringValueNode)
    }
    iam = {field.name.value for field in _fields(document, OperationType.MUTATION) if _modes(field) == {"aws_iam"}}
    return named & iam


def subscription(sdl: str) -> str | None:
    """A subscription that a client with the token may start; None where the API has none, or none without arguments
    that nobody could make up.
    """
    document = parse(sdl)
    for field in _fields(document, OperationType.SUBSCRIPTION):
        modes = _modes(field)
        arguments = _arguments(document, field)
        if arguments is not None and ("aws_lambda" in modes or not modes & _OTHER_MODES):
            selection = " { __typename }" if _is_object(document, field.type) else ""
            return f"subscription {{ {field.name.value}{arguments}{selection} }}"
    return None


def _fields(document: DocumentNode, operation: OperationType) -> Iterator[FieldDefinitionNode]:
    names = {
        each.type.name.value
        for definition in document.definitions
        if isinstance(definition, SchemaDefinitionNode)
        for each in definition.operation_types
        if each.operation is operation
    } or {operation.value.title()}
    for definition in document.definitions:
        if isinstance(definition, ObjectTypeDefinitionNode) and definition.name.value in names:
            yield from definition.fields


def _modes(field: FieldDefinitionNode) -> set[str]:
    """The directives that say whom it is open to."""
    return {directive.name.value for directive in field.directives} & {*_OTHER_MODES, "aws_lambda"}


def _arguments(document: DocumentNode, field: FieldDefinitionNode) -> str | None:
    """Those that must be given; None where one of them cannot be made up."""
    required = [
        argument
        for argument in field.arguments
        if isinstance(argument.type, NonNullTypeNode) and argument.default_value is None
    ]
    made = {argument.name.value: _made_up(document, argument) for argument in required}
    if None in made.values():
        return None
    return f"({', '.join(f'{name}: {value}' for name, value in made.items())})" if made else ""


def _made_up(document: DocumentNode, argument: InputValueDefinitionNode) -> str | None:
    kind = argument.type.type if isinstance(argument.type, NonNullTypeNode) else argument.type
    if isinstance(kind, ListTypeNode):
        return "[]"
    name = _name(kind)
    for definition in document.definitions:
        if isinstance(definition, EnumTypeDefinitionNode) and definition.name.value == name:
            return definition.values[0].name.value
    return _ANYTHING.get(name)


def _is_object(document: DocumentNode, kind: TypeNode) -> bool:
    name = _name(kind)
    return name not in _LEAVES and any(
        name == getattr(getattr(definition, "name", None), "value", None) and definition.kind != "enum_type_definition"
        for definition in document.definitions
    )


def _name(kind: TypeNode) -> str:
    while isinstance(kind, NonNullTypeNode | ListTypeNode):
        kind = kind.type
    return kind.name.value if isinstance(kind, NamedTypeNode) else ""

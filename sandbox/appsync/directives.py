"""Which callers a field is open to, by the schema's authorization directives.

AppSync's rules ("Using additional authorization modes"): directives on a field go before those on its type, and what
carries none is open to the API's default mode alone.
"""

from graphql import DirectiveNode, FieldDefinitionNode, GraphQLObjectType, GraphQLSchema, ObjectTypeDefinitionNode
from graphql.language import ObjectTypeExtensionNode

_MODES = {
    "aws_api_key": "API_KEY",
    "aws_cognito_user_pools": "AMAZON_COGNITO_USER_POOLS",
    "aws_iam": "AWS_IAM",
    "aws_lambda": "AWS_LAMBDA",
    "aws_oidc": "OPENID_CONNECT",
}

Audiences = dict[tuple[str, str], frozenset[str]]


def audiences(schema: GraphQLSchema, default: str) -> Audiences:
    """(Type, field) -> the authorization modes whose callers may have it; `default` is the API's default mode."""
    found: Audiences = {}
    for name, definition in schema.type_map.items():
        if not isinstance(definition, GraphQLObjectType) or name.startswith("__"):
            continue
        of_type = _modes(definition.ast_node, *definition.extension_ast_nodes) or frozenset({default})
        for field_name, field in definition.fields.items():
            found[name, field_name] = _modes(field.ast_node) or of_type
    return found


def _modes(
    *nodes: FieldDefinitionNode | ObjectTypeDefinitionNode | ObjectTypeExtensionNode | None,
) -> frozenset[str]:
    directives: list[DirectiveNode] = [directive for node in nodes if node for directive in node.directives]
    return frozenset(_MODES[directive.name.value] for directive in directives if directive.name.value in _MODES)

"""Code of every kind that the API runs, where the engine shows it: of functions, and AppSync's own."""

from ...shared.code import EDGE_FUNCTION, FUNCTION, texts
from ...shared.known import UNKNOWN, NotKnownError
from ...shared.stack import Resource, Stack
from .graphql import RESOLVER, STEP

_OWN = {
    RESOLVER: ("code", "requestTemplate", "responseTemplate"),
    STEP: ("code", "requestMappingTemplate", "responseMappingTemplate"),
}


def with_code(stack: Stack) -> list[Resource]:
    """The resolvers of AppSync's, and the steps of those, that have code of their own."""
    return [each for each in stack.of(*_OWN) if any(each.states(key) for key in _OWN[each.kind])]


def functions(stack: Stack) -> list[Resource]:
    """The functions, Lambda's and CloudFront's."""
    return stack.of(FUNCTION, EDGE_FUNCTION)


def shown(resource: Resource) -> dict[str, str]:
    """The texts of a resource's code, by the place of each; none of what lies in files.

    Raises:
        NotKnownError: its code is not known yet.
    """
    if resource.kind in _OWN:
        found = {key: resource.read(key) for key in _OWN[resource.kind] if resource.states(key)}
        return {key: text for key, text in found.items() if isinstance(text, str)}
    files = texts(resource)
    if files is UNKNOWN:
        raise NotKnownError("code")
    return {f"code, {name}" if name else "code": text for name, text in files.items()}

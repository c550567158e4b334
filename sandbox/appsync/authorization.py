"""Who may call an API, and which of its fields: the authorization modes of AppSync that the sandbox has.

Source: "Configuring authorization and authentication to secure your GraphQL APIs".
"""

from collections.abc import Callable

from sandbox.appsync import iam
from sandbox.appsync.api import Api
from sandbox.appsync.errors import FieldError, NotEmulatedError, UnauthorizedError, not_authorized
from sandbox.appsync.lambda_authorizer import Invoke, LambdaAuthorizer
from sandbox.appsync.policies import ConditionError
from sandbox.appsync.request import Caller, Request
from sandbox.appsync.signature import SCHEME
from sandbox.control_plane import ControlPlane
from sandbox.roles import Roles

_EMULATED = frozenset({"AWS_IAM", "AWS_LAMBDA"})


class Authorization:
    """Authorizes requests by the modes of their API; how long answers are kept is by the clock `now`."""

    def __init__(self, control_plane: ControlPlane, invoke: Invoke, roles: Roles, now: Callable[[], float]) -> None:
        self._control_plane = control_plane
        self._roles = roles
        self._authorizer = LambdaAuthorizer(control_plane, invoke, now)

    async def authorize(self, api: Api, request: Request) -> Caller:
        """Lets the caller in.

        Where an API has both modes, a signature is never taken for a token of the Lambda authorizer ("Circumventing
        SigV4 and OIDC token authorization limitations").

        Raises:
            UnauthorizedError: it may not use the API.
            NotEmulatedError: the API has a mode that is not emulated.
        """
        modes = {api.configuration["authenticationType"]}
        modes |= {each["authenticationType"] for each in api.configuration.get("additionalAuthenticationProviders", ())}
        if modes - _EMULATED:
            raise NotEmulatedError(
                f"the sandbox emulates the authentication types {' and '.join(sorted(_EMULATED))}, "
                f"not {' and '.join(sorted(modes - _EMULATED))}"
            )
        if "AWS_IAM" in modes and request.headers.get("authorization", "").startswith(SCHEME):
            return await iam.authorize(self._control_plane, self._roles, api, request)
        if "AWS_LAMBDA" in modes:
            return await self._authorizer.authorize(api, request)
        raise UnauthorizedError


def require_access(api: Api, caller: Caller, parent: str, field: str) -> None:
    """Lets the caller have a field.

    IAM is asked about the fields of Query, Mutation and Subscription; what lies below is for directives alone.

    Raises:
        FieldError: the field is closed to it.
    """
    if caller.mode not in api.audiences[parent, field] or f"{parent}.{field}" in caller.denied:
        raise not_authorized(parent, field)
    if caller.permissions is None or parent not in api.root_types:
        return
    resource = f"{api.configuration['arn']}/types/{parent}/fields/{field}"
    try:
        if not caller.permissions.allow("appsync:GraphQL", resource):
            raise not_authorized(parent, field)
    except ConditionError as error:
        raise FieldError("NotEmulated", str(error)) from error

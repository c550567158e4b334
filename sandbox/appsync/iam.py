"""The authorization mode AWS_IAM: callers sign their requests, and policies say which fields they may have."""

from sandbox.appsync import signature
from sandbox.appsync.api import Api
from sandbox.appsync.policies import permissions
from sandbox.appsync.request import Caller, Request
from sandbox.control_plane import ControlPlane
from sandbox.roles import Roles

_SESSION = "sandbox"  # the name of the session that a service has under a role


async def authorize(control_plane: ControlPlane, roles: Roles, api: Api, request: Request) -> Caller:
    """The principal that signed the request, with what its policies allow.

    Raises:
        UnauthorizedError: it is not signed as it must be.
    """
    signer = signature.signer(
        request.path, request.headers, request.body, service="appsync", region=api.region, find=roles.find
    )
    kind, _, name = signer.principal_arn.rpartition(":")[2].partition("/")
    user_arn = f"arn:aws:sts::{api.account}:assumed-role/{name}/{_SESSION}" if kind == "role" else signer.principal_arn
    # "Resolver context object reference", AWSAppSyncIAMIdentity; what Cognito would fill is empty.
    identity = {
        "accountId": api.account,
        "cognitoIdentityAuthProvider": None,
        "cognitoIdentityAuthType": None,
        "cognitoIdentityId": None,
        "cognitoIdentityPoolId": None,
        "sourceIp": ["127.0.0.1"],
        "userArn": user_arn,
        "username": f"{signer.access_key_id}:{_SESSION}" if kind == "role" else api.account,
    }
    return Caller("AWS_IAM", identity, permissions=await permissions(control_plane, signer.principal_arn))

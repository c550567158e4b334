import re
from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.known import UNKNOWN
from ..shared.rule import About, stack_rule
from ..shared.verdict import Verdict, Violation
from .least_privilege_actions import is_whole
from .shared.iam import Grant, Statement, grants

# Actions that no resource can be named for ("Actions, resources, and condition keys for AWS services" in the Service
# Authorization Reference), and those that tell no more than what there is.
_NAMELESS = re.compile(
    r"[a-z0-9-]+:(?:list|describe)\w*\*?"
    r"|xray:(?:put\w*|getsampling\w*)\*?"
    r"|cloudwatch:(?:putmetricdata|getmetric\w*)"
    r"|ec2:(?:create|delete)networkinterface|ec2:(?:un)?assignprivateipaddresses|ec2:detachnetworkinterface"
    r"|ecr:getauthorizationtoken|sts:getcalleridentity|secretsmanager:getrandompassword"
    r"|kms:generaterandom|s3:listallmybuckets|servicediscovery:discoverinstances"
    r"|ssmmessages:\w+|logs:(?:createlogdelivery|getlogdelivery|putresourcepolicy)"
)
# Conditions that say which resources, in place of their names.
_NARROWING = ("resourcetag", "viaservice", "calledvia", "resourceaccount", "resourceorg")


def _judge(grant: Grant) -> Iterator[Verdict]:
    if grant.key == "policy" and grant.properties.peek("policy") is UNKNOWN:
        return  # said by api-least-privilege-actions, once for both
    for statement in grant.statements():
        actions = [action for action in statement.actions if not _NAMELESS.fullmatch(action)]
        # Every action on everything is one mistake, and that of the actions.
        if _is_everything(statement) and actions and not is_whole(statement):
            yield Violation(
                grant.resource,
                f"a statement allows {', '.join(actions)} on every resource of the account, in every region.",
                "Name the resources by their ARNs.",
                statement.place,
            )


def _is_everything(statement: Statement) -> bool:
    narrowed = any(narrowing in key for key in statement.conditions for narrowing in _NARROWING)
    return not narrowed and (not statement.resources or "*" in statement.resources)


RULE = stack_rule(
    About(
        name="api-least-privilege-resources",
        title="A role may touch what its code touches",
        description=(
            "The roles of an active/active API's functions, data sources and events must be allowed actions on named "
            "resources, where the action takes a name."
        ),
        fix="Set Resource to the ARNs of the tables, secrets, queues and functions that the code uses.",
        url="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html",
        severity=Severity.HIGH,
    ),
    grants,
    _judge,
)

from collections.abc import Iterator

from pulumi_policy import Severity

from ..shared.design import in_the_design
from ..shared.kinds import PERMISSION, QUEUE, SECRET, TOPIC
from ..shared.rule import About, stack_rule
from ..shared.stack import Resource
from ..shared.verdict import Verdict, Violation
from .shared.iam import statements

_KINDS = (
    "aws:sqs/queuePolicy:QueuePolicy",
    QUEUE,
    "aws:sns/topicPolicy:TopicPolicy",
    TOPIC,
    "aws:secretsmanager/secretPolicy:SecretPolicy",
    SECRET,
    "aws:dynamodb/resourcePolicy:ResourcePolicy",
    "aws:cloudwatch/eventBusPolicy:EventBusPolicy",
)
_FIX = "Name the service, account or role, or add a condition that does, such as aws:SourceArn or aws:PrincipalOrgID."


def _judge(resource: Resource) -> Iterator[Verdict]:
    if resource.kind == PERMISSION:
        narrowed = any(resource.states(key) for key in ("sourceArn", "sourceAccount", "principalOrgId"))
        # A function's URL that asks for no authentication is public by another decision than this one.
        by_url = resource.states("functionUrlAuthType") or resource.peek("invokedViaFunctionUrl") is True
        if resource.read("principal") == "*" and not narrowed and not by_url:
            yield Violation(resource, 'principal is "*", so every account of AWS may call the function.', _FIX)
        return
    # AWS fills in what another resource says; that one is judged itself.
    if not resource.states("policy"):
        return
    for statement in statements(resource, resource, "policy"):
        if "*" in statement.principals and not any(key.startswith("aws:") for key in statement.conditions):
            yield Violation(
                resource,
                'a statement\'s Principal is "*", with no condition on who that is, so everyone may do what it allows.',
                _FIX,
                statement.place,
            )


RULE = stack_rule(
    About(
        name="api-least-privilege-principals",
        title="A resource's policy says whom it lets in",
        description="Policies of an active/active stack's queues, topics, secrets, tables and functions must name who.",
        fix="Replace Principal '*' by the service, account or role that needs it.",
        url="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
        severity=Severity.CRITICAL,
    ),
    in_the_design(PERMISSION, *_KINDS),
    _judge,
)

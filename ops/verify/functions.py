"""Whether a Lambda function can run at all."""

from collections.abc import Iterator, Mapping
from typing import Any

from ops.verify.finding import MEND, Fault

_WAIT = f"Wait while Lambda is at work on it. If it stays so: {MEND[0].lower()}{MEND[1:]}"


def judge_state(configuration: Mapping[str, Any]) -> Iterator[Fault]:
    """By "Lambda function states" in the AWS Lambda Developer Guide. Where Lambda tells neither, all is well."""
    for what, good in (("State", "Active"), ("LastUpdateStatus", "Successful")):
        if (state := configuration.get(what, good)) != good:
            reason = configuration.get(f"{what}Reason") or "Lambda says no more"
            yield Fault(f"{configuration['FunctionName']} has {what} {state}: {reason}", _WAIT)
            return

"""How the rules about secrets in code judge."""

from collections.abc import Callable, Iterator

from ...shared.stack import Resource
from ...shared.verdict import Verdict, Violation, label
from .programs import shown
from .secrets import Secrets, referred_to


def judge(fix: str) -> Callable[[Resource], Iterator[Verdict]]:
    """Finds the secrets in a resource's code; `fix` says where each belongs."""

    def judge_code(resource: Resource) -> Iterator[Verdict]:
        holders = referred_to(resource, "code") if resource.states("code") else []
        if holders:
            names = ", ".join(label(each) for each in holders)
            yield Violation(resource, f"its code is made with the secret of {names}.", fix, "code")
            return
        secrets = Secrets(resource.stack)
        for place, text in shown(resource).items():
            if what := secrets.told_by(text):
                yield Violation(resource, f"it holds {what}, for everyone to read who may read the code.", fix, place)

    return judge_code

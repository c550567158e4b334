"""How an API that cannot be deployed is explained."""

from collections.abc import Sequence


class ApiError(Exception):
    """`api/` cannot be deployed as it is; `problems` holds what is wrong, each with its remedy."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problems))

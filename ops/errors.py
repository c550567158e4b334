"""How an operation ends early: what people are told is what was wrong, the rule, and the remedy."""


class OperationError(Exception):
    """The operation cannot be done, or could not be done to the end.

    Attributes:
        problem: what was wrong, with the value, and the rule that it breaks; whole sentences.
        remedy: what to do about it; whole sentences too.
    """

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem} {remedy}")
        self.problem = problem
        self.remedy = remedy

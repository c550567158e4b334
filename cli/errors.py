"""How a command ends early: what people are told is what was wrong, the rule and the remedy."""


class CommandError(Exception):
    """Ends the command with exit code 1."""


class UsageError(CommandError):
    """The command was called wrongly: exit code 2."""


class Interrupted(BaseException):
    """Ctrl-C; like KeyboardInterrupt nothing catches it on the way, but it is ours to report."""

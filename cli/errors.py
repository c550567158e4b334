"""Errors that the command shows as they are: what was wrong, the rule, the remedy."""


class CommandError(Exception):
    """Ends the command with exit code 1."""


class UsageError(Exception):
    """The command was called wrongly: exit code 2."""

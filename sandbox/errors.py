"""What a command that uses the sandbox tells people; apart from what raises it, and from all that this imports."""


class ViewerError(Exception):
    """The sandbox gave no answer; the message says which part of it, why and what to do."""

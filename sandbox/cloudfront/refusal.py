"""What CloudFront answers by itself."""


class Refusal(Exception):  # noqa: N818 - it is an answer to the viewer, and often the right one
    """CloudFront answers the viewer itself: the status, the reason, and the kind of error for X-Cache."""

    def __init__(self, status: int, reason: str, kind: str = "Error") -> None:
        super().__init__(reason)
        self.status = status
        self.kind = kind

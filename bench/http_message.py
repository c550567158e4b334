"""The size of an HTTP/1.1 message that says its length, as both ends of a load test send them."""

_END_OF_HEAD = b"\r\n\r\n"
_LENGTH = b"\r\ncontent-length:"


def size(received: bytes) -> int:
    """Bytes of the message that `received` begins with, 0 as long as its head is not whole.

    Raises:
        ValueError: it does not say its length.
    """
    head, end, _ = received.partition(_END_OF_HEAD)
    if not end:
        return 0
    _, _, after = head.lower().partition(_LENGTH)
    return len(head) + len(end) + int(after.partition(b"\r\n")[0])

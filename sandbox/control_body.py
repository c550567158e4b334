"""What is sent to a control of the sandbox."""

from typing import Any

from aiohttp import web


async def sent(request: web.Request) -> Any:
    """The JSON document of a request.

    Raises:
        ValueError: it is none, is nested too deep, or says to be written in an encoding that there is not.
    """
    try:
        return await request.json()
    except (LookupError, RecursionError) as error:
        raise ValueError(str(error)) from None

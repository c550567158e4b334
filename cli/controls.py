"""The controls of the running sandbox, which its gateway serves below /_sandbox/."""

import json
import urllib.error
import urllib.request
from typing import Any

from cli.errors import CommandError, UsageError
from sandbox import loopback
from sandbox.folder import Daemon

_SECONDS = 30.0


def ask(daemon: Daemon, method: str, path: str, document: Any = None) -> Any:
    """The control's answer, from JSON; `path` begins with a slash, such as /faults.

    Raises:
        UsageError: the control does not take what was sent; the text is its own.
        CommandError: it does not answer.
    """
    url = f"{daemon.ports.aws_endpoint}/_sandbox{path}"
    body = None if document is None else json.dumps(document).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, data=body, headers=headers, method=method)  # noqa: S310 - of http
    try:
        with loopback.urlopen(request, timeout=_SECONDS) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        if error.code == 400:  # noqa: PLR2004 - HTTP
            raise UsageError(json.load(error)["message"]) from None
        raise _silent(url, f"HTTP {error.code}") from None
    except (OSError, ValueError) as error:
        raise _silent(url, str(error)) from None


def _silent(url: str, why: str) -> CommandError:
    return CommandError(f"{url} does not answer as it should ({why}). Restart the sandbox: make down, then make up.")

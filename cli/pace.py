"""How fast time passes where a stack lives."""

import json
import urllib.error
import urllib.request

from cli.errors import CommandError
from ops.pace import Pace
from sandbox.folder import Daemon

_SECONDS = 5.0


def of(daemon: Daemon | None) -> Pace:
    """The pace of AWS where `daemon` is None, else that of the sandbox, as it was last told.

    Raises:
        CommandError: the sandbox does not say.
    """
    if daemon is None:
        return Pace()
    url = f"{daemon.ports.aws_endpoint}/_sandbox/time"
    try:
        with urllib.request.urlopen(url, timeout=_SECONDS) as answer:  # noqa: S310 - of http, by its construction
            return Pace(float(json.load(answer)["scale"]))
    except urllib.error.HTTPError as error:
        if error.code == 404:  # noqa: PLR2004 - HTTP: a sandbox of an older version, whose time is everybody's
            return Pace()
        raise CommandError(f"{url} answers {error.code}: the sandbox does not say how fast its time passes.") from None
    except (OSError, ValueError, KeyError) as error:
        raise CommandError(
            f"{url} does not answer as it should ({error}). Restart the sandbox: make down, then make up."
        ) from None

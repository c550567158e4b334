"""The `antipodes` command."""

import gc
import signal
import sys
import tempfile
import threading
import traceback
import warnings
from collections.abc import Callable
from typing import Any, NoReturn

from cli.app import app
from cli.errors import CommandError, Interrupted, UsageError
from cli.output import Console
from ops.errors import OperationError
from sandbox.errors import ViewerError

# Nearly all that a command makes it keeps until it ends: to look through all of that after every 700 new objects, as
# Python does, took a quarter of a preview's time.
_NEW_OBJECTS = 100_000


def main() -> None:
    """Runs the command: exit 0 done, 1 failed, 2 wrong usage; an error is one line and its remedy."""
    gc.set_threshold(_NEW_OBJECTS)
    guarded(app)


def guarded(run: Callable[[], Any]) -> None:
    """Runs; whatever goes wrong ends the process with a text for people and an exit code, without a traceback."""
    console = Console(as_json="--json" in sys.argv)
    signal.signal(signal.SIGINT, _interrupt)
    try:
        run()
    except UsageError as error:
        _fail(console, str(error), 2)
    except (CommandError, OperationError, ViewerError) as error:
        _fail(console, str(error), 1)
    except Interrupted:
        _fail(console, "interrupted. Run the same command again: it goes on from where this one stopped.", 1)
    except Exception as error:  # noqa: BLE001 - a defect, or a failure that nobody thought of
        with tempfile.NamedTemporaryFile("w", prefix="antipodes-", suffix=".log", delete=False) as log:
            traceback.print_exc(file=log)
        _fail(console, f"{type(error).__name__}: {error}. This should have been told better; details: {log.name}", 1)


def _interrupt(*_: Any) -> NoReturn:
    # The SDK's threads lose the engine in the middle of a sentence, and would each say so at length.
    threading.excepthook = lambda _: None
    warnings.simplefilter("ignore")
    raise Interrupted


def _fail(console: Console, text: str, code: int) -> NoReturn:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who presses Ctrl-C twice is told once, without a traceback
    console.error(text)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # from here on it ends what may still be waited for
    raise SystemExit(code)


if __name__ == "__main__":
    main()

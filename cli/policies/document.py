"""The verdict as one JSON document, for scripts."""

import dataclasses
from collections.abc import Sequence
from typing import Any

from cli.policies.findings import Checked


def document(stacks: Sequence[Checked]) -> dict[str, Any]:
    """`ok` of all and of each stack, with everything that was found and everything that could not be judged."""
    return {"ok": all(each.ok for each in stacks), "stacks": [_stack(each) for each in stacks]}


def _stack(checked: Checked) -> dict[str, Any]:
    return {
        "stack": checked.stack,
        "ok": checked.ok,
        "error": checked.error,
        "findings": [dataclasses.asdict(each) for each in checked.findings],
        "undecided": [dataclasses.asdict(each) for each in checked.undecided],
    }

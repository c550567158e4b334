"""The edits of `edits/`, and what comes of each."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.policy.deployment import Deployment
from tests.policy.editing import NotThereError, edited
from tests.policy.judge import Config, Finding, judge
from tests.policy.paths import EditError
from tests.policy.recorded import SETTINGS, SOURCES, recording

FOLDER = Path(__file__).resolve().parent / "edits"
_OURS = ("ours-1", "ours-2", "ours-3", "ours-5")
_ABOUT = {"edit", "on", "breaks", "undecided", "settings", "edits"}


class _Loader(yaml.SafeLoader):
    """Reads `on` as a word: YAML 1.1 takes it, and others, for a truth value."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - so does PyYAML
        first: [each for each in resolvers if first in "tTfF" or not each[0].endswith(":bool")]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


@dataclass(frozen=True, eq=False)
class Edit:
    """A change to recorded deployments.

    Attributes:
        sentence: what it does.
        group: of rules.
        on: the recordings; of those of `ours`, the ones that have what it changes.
        breaks: the one rule that must find it; None for a harmless edit.
        undecided: the rules that must say that they cannot judge.
    """

    sentence: str
    group: str
    on: tuple[str, ...]
    of_ours: bool
    changes: tuple[Mapping[str, Any], ...]
    settings: Config
    breaks: str | None
    undecided: frozenset[str]

    def applied(self) -> Iterator[tuple[str, Deployment]]:
        """Each recording that it is made to, with it.

        Raises:
            EditError: it cannot be made, or changes nothing.
        """
        found = False
        for name in self.on:
            try:
                after = edited(recording(name), self.changes)
            except NotThereError:
                if self.of_ours:
                    continue
                raise
            found = True
            yield name, after
        if not found:
            raise EditError(f"none of {', '.join(self.on)} has what it changes")

    @cache  # noqa: B019 - edits live as long as the process
    def news(self) -> dict[str, list[Finding]]:
        """What the pack has to say of it, by recording."""
        found = {}
        for name, after in self.applied():
            said = Counter(judge(after, {**SETTINGS.get(name, {}), **self.settings}))
            found[name] = list((said - as_it_is(name)).elements())
        return found


@cache
def as_it_is(name: str) -> Counter[Finding]:
    """What the pack says of a recording that nobody has edited."""
    return Counter(judge(recording(name), SETTINGS.get(name)))


def _load(path: Path) -> Iterator[Edit]:
    for entry in yaml.load(path.read_text(encoding="utf-8"), _Loader) or []:  # noqa: S506 - a SafeLoader
        try:
            yield _edit(entry, path.parent.name, breaking=path.stem == "breaking")
        except (EditError, KeyError) as error:
            raise EditError(f"{path}: {entry.get('edit', entry)}: {error}") from None


def _edit(entry: dict[str, Any], group: str, *, breaking: bool) -> Edit:
    on = entry["on"]
    names = _OURS if on == "ours" else tuple([on] if isinstance(on, str) else on)
    if unheard := [name for name in names if name not in SOURCES]:
        raise EditError(f"no recording {', '.join(unheard)}; there are {', '.join(SOURCES)}")
    if breaking != ("breaks" in entry):
        raise EditError("`breaks` stands in breaking.yaml, and in each of its edits")
    change = {key: value for key, value in entry.items() if key not in _ABOUT}
    if bool(change) == ("edits" in entry):
        raise EditError("it has either one change or a list `edits`")
    undecided = entry.get("undecided", [])
    return Edit(
        sentence=entry["edit"],
        group=group,
        on=names,
        of_ours=on == "ours",
        changes=tuple(entry.get("edits", [change])),
        settings=entry.get("settings", {}),
        breaks=entry.get("breaks"),
        undecided=frozenset([undecided] if isinstance(undecided, str) else undecided),
    )


BREAKING = [edit for path in sorted(FOLDER.glob("*/breaking.yaml")) for edit in _load(path)]
HARMLESS = [edit for path in sorted(FOLDER.glob("*/harmless.yaml")) for edit in _load(path)]

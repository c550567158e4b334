"""Configs that tests change one thing of, and what is then wrong."""

from typing import Any

from hypothesis import strategies as st

from components.config_error import Problem
from components.config_rules import problems

GOOD: dict[str, Any] = {
    "aws:region": "us-east-1",
    "antipodes:domain": "example.com",
    "antipodes:home": "ireland",
    "antipodes:regions": {"ireland": "eu-west-1", "sydney": "ap-southeast-2"},
}
REGIONAL: dict[str, Any] = {key: value for key, value in GOOD.items() if key != "antipodes:home"} | {
    "antipodes:data": "regional"
}

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
REGIONS = st.dictionaries(st.text(), st.sampled_from(["eu-west-1", "us-east-1", "mx-central-1", "no"]) | ANYTHING)


def changed(config: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The config with changes (`regions=...` is `antipodes:regions`); None drops a key."""
    values = {("aws:region" if key == "aws" else f"antipodes:{key}"): value for key, value in changes.items()}
    return {key: value for key, value in {**config, **values}.items() if value is not None}


def only_problem(config: dict[str, Any], **changes: Any) -> Problem:
    """The one thing that changes make wrong."""
    (found,) = problems(changed(config, **changes))
    return found

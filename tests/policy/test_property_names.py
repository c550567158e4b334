"""Rules read properties by name, and edits write them: a misspelt one would find nothing, for ever.

What the rules read of all recordings and edits is held against the provider's types in test_edits.py, where it is read.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pulumi_policy import Severity

from policy import rules
from policy.rules.shared.rule import About, resource_rule
from policy.rules.shared.stack import Resource
from policy.rules.shared.verdict import Verdict
from sandbox import provider_types
from tests.policy import judge, property_names
from tests.policy.catalogue import BREAKING, HARMLESS
from tests.policy.recorded import recording

FUNCTION = "aws:lambda/function:Function"
TOKEN = re.compile(r"aws:\w+/\w+:\w+")

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of pulumi-aws's own modules


def tokens() -> Iterator[tuple[str, str]]:
    for path in Path(rules.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and TOKEN.fullmatch(node.value):
                yield node.value, path.name


def test_every_property_that_an_edit_writes_is_one_of_the_provider_s():
    places = set()
    for edit in (*BREAKING, *HARMLESS):
        name, after = next(edit.applied())
        for resource in after:
            if resource is not recording(name).resources.get(resource.urn) and resource.type.startswith("aws:"):
                places |= set(property_names.written(resource.type, resource.inputs))

    assert property_names.misspelt(places) == []


def test_a_rule_that_misspells_a_property_is_caught(monkeypatch: pytest.MonkeyPatch):
    def look(function: Resource) -> Iterator[Verdict]:
        function.read("memorySise")
        network = function.inner("vpcConfig")
        if network:
            network.read("subnetId")
        yield from ()

    about = About(name="a-slip", title="A", description="A.", fix="A.", url="https://a", severity=Severity.LOW)
    monkeypatch.setattr(judge, "POLICIES", [resource_rule(about, [FUNCTION], look)])
    judge._by_itself.cache_clear()

    monkeypatch.setattr(judge, "READ", set())

    judge.judge(recording("vpc_function"))
    judge._by_itself.cache_clear()

    assert property_names.misspelt(judge.READ) == [f"{FUNCTION} memorySise", f"{FUNCTION} vpcConfig.subnetId"]


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("memorySize", True),
        ("memory_size", False),
        ("environment.variables.ANY", True),
        ("environment.variable", False),
        ("tags.owner", True),
        ("vpcConfig.subnetIds", True),
        ("vpcConfig.subnetId", False),
        ("code", True),
        ("id", True),
    ],
)
def test_names_are_held_against_the_provider_s_types_at_any_depth(path: str, known: bool):  # noqa: FBT001 - a case
    assert property_names.exists(FUNCTION, path) is known


def test_every_resource_type_that_a_rule_names_is_one_of_the_provider_s():
    unheard = []
    for token, file in sorted(set(tokens())):
        try:
            provider_types.resource_class(token)
        except provider_types.UnknownTypeError:
            unheard.append(f"{token} in {file}")

    assert unheard == []

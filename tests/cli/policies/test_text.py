import io

from rich.console import Console

from cli.policies import text
from cli.policies.findings import Checked
from tests.cli.policies.verdicts import BROKEN, FAILED, PASSED

WHERE = "Distribution 'edge', orderedCacheBehaviors[0] (components/global_edge.py:79)"


def shown(*stacks: Checked, undecided: bool = False) -> str:
    out = Console(file=io.StringIO(), width=250, soft_wrap=True)
    text.show(out, stacks, undecided=undecided)
    return str(out.file.getvalue())  # type: ignore[attr-defined]


def test_people_read_what_was_found_where_and_how_to_mend_it():
    assert shown(BROKEN).splitlines()[:4] == [
        "✗ prod: 1 mandatory, 1 advisory",
        "  mandatory edge-caching-disabled  critical",
        f"    {WHERE}: cachePolicyId is not | set, so it may be <b>cached</b>.",
        '    Fix: Set cachePolicyId to "4135ea2d" (CachingDisabled).',
    ]


def test_what_could_not_be_judged_is_counted_and_listed_on_demand():
    counted = "  1 rule could not be judged before the deployment, on 2 resources"
    assert shown(BROKEN).splitlines()[-1] == f"{counted} (--undecided lists them)"
    assert shown(BROKEN, undecided=True).splitlines()[-3:] == [
        counted,
        "    edge-all-viewer: Distribution 'edge', defaultCacheBehavior: originRequestPolicyId is not known yet.",
        "    edge-all-viewer: Distribution 'other': defaultCacheBehavior is not known yet.",
    ]


def test_a_stack_that_passes_takes_a_line_and_one_that_cannot_be_previewed_says_why():
    assert shown(PASSED, FAILED).splitlines() == [
        "✓ local: no rule is broken",
        "",
        "✗ dev: could not be previewed",
        "    This stack's config has a problem.",
        "",
        "    antipodes:domain: (not set)",
    ]

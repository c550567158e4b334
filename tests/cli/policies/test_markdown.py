from pathlib import Path

from cli.policies.findings import judged
from cli.policies.markdown import MARKER, cell, comment
from tests.cli.policies.verdicts import BROKEN, FAILED, PASSED, undecided, violation

GOLDEN = Path(__file__).with_name("comment.md")


def test_a_comment_reads_as_it_should():
    assert comment([FAILED, PASSED, BROKEN]) == GOLDEN.read_text()


def test_a_comment_begins_with_the_mark_by_which_the_next_run_finds_it():
    assert comment([PASSED]).startswith(f"{MARKER}\n## ✅ Policies: no mandatory rule is broken\n")


def test_nothing_that_a_program_wrote_is_markdown_or_html_or_a_mention():
    told = cell("a|b `c` <d> *e* [f](g) @h #1 ~x~\nnext\\")

    assert not set("|`<>*[]@~\\\n") & set(told)


def test_a_comment_stays_within_what_github_takes():
    many = [violation("edge-all-viewer", f"Distribution 'd{n}': {'x' * 200}.\nFix: {'y' * 200}.") for n in range(999)]
    more = [undecided("edge-all-viewer", *(f"Distribution 'd{n}': unknown." for n in range(999)))]

    text = comment([judged("prod", many + more)])

    assert len(text) < 65_536
    assert text.count("And 959 more") == 2

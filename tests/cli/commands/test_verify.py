from rich.console import Console

from cli.commands.verify import document, show
from ops.replication import Lag
from ops.verify import Checked, Verified
from ops.verify.finding import Finding

LINKS = (Checked("tables", "all there"), Checked("requests", "answered"))
LOST = Finding("tables", "sydney", "events is not there", "Wait.")
UNANSWERED = Finding("requests", None, "HTTP 502", "See logs.", follows=("tables",))


def printed(verified: Verified) -> list[str]:
    out = Console(width=250)
    with out.capture() as capture:
        show(out, verified)
    return [line.rstrip() for line in capture.get().splitlines()]


def test_a_good_link_is_a_line():
    assert printed(Verified(LINKS, ())) == ["✓ tables: all there", "✓ requests: answered"]


def test_a_fault_has_its_remedy_below_and_what_may_follow_from_it_says_so():
    assert printed(Verified(LINKS, (LOST, UNANSWERED))) == [
        "✗ tables in sydney: events is not there",
        "  Wait.",
        "✗ requests: HTTP 502",
        "  May follow from tables: mend that first.",
    ]


def test_what_is_wrong_alike_in_several_regions_is_told_once():
    alike = [Finding("tables", key, "unknown", "Deploy.", unknown=True) for key in ("ireland", "sydney")]

    assert printed(Verified(LINKS, tuple(alike)))[0] == "? tables in ireland, sydney: unknown"


def test_the_document_has_each_link_once_or_each_of_its_findings():
    made = document(Verified(LINKS, (LOST,), (Lag("ireland", "sydney", (0.25,)),)))

    assert made["ok"] is False
    assert [(check["link"], check["ok"]) for check in made["checks"]] == [("requests", True), ("tables", False)]
    assert made["checks"][1]["region"] == "sydney"
    assert made["replication"] == [{"from": "ireland", "to": "sydney", "typicalSeconds": 0.25, "worstSeconds": 0.25}]

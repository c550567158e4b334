import json

from cli.policies.document import document
from tests.cli.policies.verdicts import BROKEN, CACHING, FAILED, PASSED


def test_scripts_get_everything_that_was_found_and_everything_that_could_not_be_judged():
    told = json.loads(json.dumps(document([PASSED, BROKEN, FAILED])))

    assert told["ok"] is False
    passed, broken, failed = told["stacks"]
    assert passed == {"stack": "local", "ok": True, "error": None, "findings": [], "undecided": []}
    assert (broken["ok"], [len(broken[key]) for key in ("findings", "undecided")]) == (False, [2, 2])
    assert broken["findings"][0]["rule"] == CACHING
    assert broken["findings"][0]["location"] == {"path": "components/global_edge.py", "line": 79}
    assert (failed["ok"], failed["error"]) == (False, FAILED.error)


def test_all_is_well_where_every_stack_is():
    assert document([PASSED])["ok"] is True

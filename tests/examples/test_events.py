"""The example client: its own tests, the real aws-amplify in Node, and the page in a real browser."""

import json

import pytest

from tests.examples.example import Example

# Amplify keeps trying to reconnect, which would keep Node alive.
_TEST = ("node", "--import", "./tests/support/browser_like.js", "--test", "--test-force-exit")


def test_its_own_tests_pass(example: Example):
    example.run("npm", "test")


def test_its_lock_names_no_place_to_fetch_from_but_what_every_package_must_be(example: Example):
    packages = json.loads((example.folder / "package-lock.json").read_text())["packages"]
    fetched = {name: package for name, package in packages.items() if name}
    assert [name for name, package in fetched.items() if "resolved" in package or "integrity" not in package] == []


@pytest.mark.end_to_end
def test_the_real_amplify_client_queries_writes_and_subscribes(deployed: Example):
    deployed.run(*_TEST, "tests/amplify.e2e.js")


@pytest.mark.end_to_end
def test_the_page_does_its_work_in_a_browser(deployed: Example, browser: str):
    with_browser = Example(deployed.folder, {**deployed.environment, "CHROMIUM": browser})
    with_browser.run(*_TEST, "tests/page.e2e.js")


@pytest.mark.end_to_end
def test_what_the_page_is_told_of_the_stack_is_for_its_owner_alone(deployed: Example):
    config = deployed.folder / "public" / "config.json"
    assert config.stat().st_mode & 0o077 == 0
    endpoints = json.loads(config.read_text())["endpoints"]
    assert [endpoint["name"] for endpoint in endpoints][:2] == ["London", "Melbourne"]

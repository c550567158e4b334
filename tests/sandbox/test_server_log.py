import logging

import pytest

from sandbox.server_log import server_log

SECRET = "s3cret"  # not in the function: a stack shows the lines of its source


def test_a_fault_of_a_handler_is_logged_with_its_place_and_without_its_text(caplog: pytest.LogCaptureFixture):
    def handler(headers: dict[str, str]):
        raise KeyError(headers["Authorization"])

    try:
        handler({"Authorization": SECRET})
    except KeyError:
        server_log.exception("Error handling request from %s", "127.0.0.1")
    assert "Error handling request from 127.0.0.1: KeyError\n" in caplog.text
    assert "test_server_log.py" in caplog.text
    assert "in handler" in caplog.text
    assert SECRET not in caplog.text


def test_other_lines_stay_as_they_are(caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.INFO):
        server_log.info("%d connections", 3)
    assert caplog.messages == ["3 connections"]

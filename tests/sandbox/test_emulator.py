import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sandbox.aws import Clients
from sandbox.emulator import Emulator, EmulatorError
from sandbox.ports import LOOPBACK


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, port)) == 0


def test_it_answers_when_started_and_is_gone_when_stopped(tmp_path: Path):
    port = free_port()
    emulator = Emulator(port, tmp_path / "log")
    emulator.start()
    try:
        assert Clients(f"http://{LOOPBACK}:{port}")("sts").get_caller_identity()["Account"] == "000000000000"
    finally:
        emulator.stop()
    assert not is_open(port)
    emulator.stop()


def test_a_proxy_does_not_stand_between_it_and_the_question_whether_it_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setattr("sandbox.emulator._START_SECONDS", 10)
    emulator = Emulator(free_port(), tmp_path / "log")
    emulator.start()
    emulator.stop()


def test_it_serves_whatever_the_user_has_set_for_the_real_aws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AWS_PROFILE", "of-a-former-job")
    port = free_port()
    emulator = Emulator(port, tmp_path / "log")
    emulator.start()
    try:
        # It reads a service's protocol in a session of botocore, and makes do without where that fails.
        answer = Clients(f"http://{LOOPBACK}:{port}")("sts").get_caller_identity()
        assert answer["ResponseMetadata"]["HTTPHeaders"]["content-type"] == "text/xml"
    finally:
        emulator.stop()


def test_it_does_not_outlive_a_parent_that_was_killed(tmp_path: Path):
    port = free_port()
    program = (
        "import sys, time, pathlib; from sandbox.emulator import Emulator;"
        "Emulator(int(sys.argv[1]), pathlib.Path(sys.argv[2])).start(); print('up', flush=True); time.sleep(60)"
    )
    arguments = [sys.executable, "-c", program, str(port), str(tmp_path / "log")]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"up\n"
        os.kill(parent.pid, signal.SIGKILL)
    deadline = time.monotonic() + 5
    while is_open(port) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_open(port)


def test_a_port_in_use_is_an_error_that_names_the_log(tmp_path: Path):
    with socket.socket() as taken:
        taken.bind((LOOPBACK, 0))
        taken.listen()
        emulator = Emulator(taken.getsockname()[1], tmp_path / "log")
        with pytest.raises(EmulatorError, match=f"ended with code 1; see {tmp_path / 'log'}"):
            emulator.start()
        emulator.stop()

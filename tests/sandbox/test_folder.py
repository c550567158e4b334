"""The daemon as a command starts and ends it: a real one, with one city."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from stat import S_IMODE
from typing import Any

import dns.exception
import dns.message
import dns.query
import pytest
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from dns.rcode import Rcode

from sandbox import folder, version
from sandbox.aws import Clients
from sandbox.folder import Daemon, SandboxError
from sandbox.ports import LOOPBACK, PortInUseError, Ports, require_free

BASE = 24000
PORTS = Ports(BASE)
CITY = "London"
STARTER = """
import pathlib, sys
from sandbox import folder
folder.start(pathlib.Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
"""


def starter(home: Path) -> subprocess.Popen[bytes]:
    """A process that starts the daemon, as the command does."""
    root = Path(__file__).parents[2]
    return subprocess.Popen([sys.executable, "-c", STARTER, str(home), str(BASE), CITY], cwd=root)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A folder that need not exist yet; whatever lives there is ended."""
    yield tmp_path / "sandbox"
    folder.stop(tmp_path / "sandbox")


def start(home: Path) -> Daemon:
    return folder.start(home, BASE, [CITY])


def open_ports() -> list[int]:
    return [port for port in range(BASE, BASE + 400) if is_open(port)]


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((LOOPBACK, port)) == 0


def processes(home: Path) -> list[str]:
    """Who has a file of `home` open, as the daemon and its emulator have their logs."""
    return sorted({str(file.parent.parent) for file in Path("/proc").glob("[0-9]*/fd/*") if is_below(home, file)})


def is_below(home: Path, file: Path) -> bool:
    try:
        return file.readlink().is_relative_to(home)
    except OSError:  # the process or its file went away meanwhile
        return False


@contextmanager
def taken(port: int, kind: socket.SocketKind = socket.SOCK_STREAM) -> Iterator[None]:
    with socket.socket(socket.AF_INET, kind) as other:
        if kind == socket.SOCK_STREAM:
            other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind((LOOPBACK, port))
        if kind == socket.SOCK_STREAM:
            other.listen()
        yield


def soon(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 5
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def test_a_daemon_that_was_stopped_is_gone_with_its_ports(home: Path):
    assert folder.running(home) is None
    daemon = start(home)
    assert folder.running(home) == daemon
    assert daemon.version == version.digest()
    assert Clients(daemon.ports.aws_endpoint)("sts").get_caller_identity()["Account"] == "000000000000"
    assert {PORTS.gateway, PORTS.provider, PORTS.emulator, PORTS.edges[CITY]} <= set(open_ports())
    assert len(processes(home)) == 2, "the daemon and its emulator"

    folder.stop(home)

    with pytest.raises(ProcessLookupError):
        os.kill(daemon.pid, 0)
    assert folder.running(home) is None
    assert processes(home) == []
    assert open_ports() == []
    folder.stop(home)


def put(daemon: Daemon, control: str, body: dict[str, Any]) -> Any:
    return control_of(daemon, "PUT", control, json.dumps(body))


def get(daemon: Daemon, control: str) -> Any:
    return control_of(daemon, "GET", control)


def control_of(daemon: Daemon, method: str, control: str, body: str | None = None) -> Any:
    connection = HTTPConnection(LOOPBACK, daemon.ports.gateway, timeout=5)
    try:
        connection.request(method, f"/_sandbox/{control}", body)
        return json.load(connection.getresponse())
    finally:
        connection.close()


def test_faults_are_met_by_every_part_and_a_daemon_with_faults_ends_as_any_other(home: Path):
    daemon = start(home)
    clients = Clients(daemon.ports.aws_endpoint)
    clients("route53").create_hosted_zone(Name="fault.test", CallerReference="fault")
    question = dns.message.make_query("fault.test", "NS")
    ireland, edge = daemon.ports.regions["eu-west-1"], daemon.ports.edges[CITY]

    def plant(**fault: Any) -> None:
        assert fault in put(daemon, "faults", fault)["faults"]

    def ask(seconds: float) -> Rcode:
        return dns.query.udp(question, LOOPBACK, seconds, daemon.ports.dns["eu-west-2"]).rcode()

    plant(kind="control-plane-down", service="route53")
    with pytest.raises(ClientError, match="ServiceUnavailable"):
        clients("route53").list_hosted_zones()
    assert ask(5) == Rcode.NOERROR
    plant(kind="dns-down", executing_region="eu-west-2")
    with pytest.raises(dns.exception.Timeout):
        ask(0.2)
    plant(kind="edge-down", city=CITY)
    plant(kind="region-down", region="eu-west-1", hanging=False)
    assert not {ireland, edge} & set(open_ports())
    with pytest.raises(HTTPClientError):
        clients("lambda", "eu-west-1").list_functions()

    assert control_of(daemon, "DELETE", "faults") == {"faults": []}

    assert {ireland, edge} <= set(open_ports())
    assert ask(5) == Rcode.NOERROR
    clients("lambda", "eu-west-1").list_functions()
    plant(kind="region-down", region="eu-west-1", hanging=True)
    with ThreadPoolExecutor(1) as pool:
        hanging = pool.submit(clients("lambda", "eu-west-1").list_functions)
        folder.stop(home)
        assert isinstance(hanging.exception(), BotoCoreError)
    assert processes(home) == []


def test_dns_clocks_and_health_are_controlled_and_shown_at_the_gateway(home: Path):
    daemon = start(home)
    Clients(daemon.ports.aws_endpoint)("route53").create_hosted_zone(Name="example.test", CallerReference="1")
    question = dns.message.make_query("example.test", "NS")

    def ask() -> Rcode:
        return dns.query.udp(question, LOOPBACK, 5, daemon.ports.dns["eu-west-2"]).rcode()

    assert ask() == Rcode.NOERROR
    assert put(daemon, "dns", {"fault": "servfail"})["fault"] == "servfail"
    assert ask() == Rcode.SERVFAIL
    assert put(daemon, "clock", {"ahead": 90}) == {"ahead": 90}
    assert put(daemon, "time", {"scale": 1000}) == {"scale": 1000}
    assert soon(lambda: get(daemon, "clock")["ahead"] > 95)
    assert get(daemon, "health") == {"checks": {}}


def test_the_folder_is_its_owners_alone_whatever_it_was_before(home: Path):
    home.mkdir(mode=0o755)
    with taken(PORTS.gateway), pytest.raises(PortInUseError):
        start(home)
    assert S_IMODE(home.stat().st_mode) == 0o700


def test_a_folder_has_one_daemon_however_many_are_started_at_once(home: Path):
    def attempt(_: int) -> Daemon | SandboxError:
        try:
            return start(home)
        except SandboxError as error:
            return error

    with ThreadPoolExecutor(3) as pool:
        results = list(pool.map(attempt, range(3)))

    (daemon,) = (result for result in results if isinstance(result, Daemon))
    assert folder.running(home) == daemon
    refusals = [str(result) for result in results if result is not daemon]
    assert len(refusals) == 2
    assert all(refusal.startswith(f"a sandbox runs in {home}, or is being started") for refusal in refusals)
    assert len(processes(home)) == 2


def test_a_killed_daemon_leaves_no_process_and_the_next_one_starts_anew(home: Path):
    first = start(home)
    (home / "state").mkdir()

    os.kill(first.pid, signal.SIGKILL)

    assert soon(lambda: not processes(home))
    assert soon(lambda: folder.running(home) is None)
    assert soon(lambda: not is_open(PORTS.emulator))
    second = start(home)
    assert second.pid != first.pid
    assert not (home / "state").exists()
    assert folder.running(home) == second


def test_a_daemon_that_does_not_end_when_told_to_is_killed(home: Path, monkeypatch: pytest.MonkeyPatch):
    daemon = start(home)
    os.kill(daemon.pid, signal.SIGSTOP)
    monkeypatch.setattr(folder, "_STOP_SECONDS", 0.2)

    folder.stop(home)

    with pytest.raises(ProcessLookupError):
        os.kill(daemon.pid, 0)
    assert soon(lambda: not open_ports())


def test_stop_ends_a_daemon_whose_start_nobody_waited_for(home: Path):
    with starter(home) as starting:
        assert soon((home / folder.LOG).exists)
        starting.kill()
    assert folder.running(home) is None

    folder.stop(home)

    assert processes(home) == []
    assert open_ports() == []


def test_a_start_that_is_interrupted_leaves_nothing(home: Path, monkeypatch: pytest.MonkeyPatch):
    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", interrupt)
    with pytest.raises(KeyboardInterrupt):
        start(home)
    monkeypatch.undo()

    assert soon(lambda: not processes(home))
    assert folder.running(home) is None


@pytest.mark.parametrize(
    ("port", "kind"),
    [
        (PORTS.gateway, socket.SOCK_STREAM),
        (PORTS.dns["eu-west-1"], socket.SOCK_DGRAM),
        (PORTS.edges[CITY], socket.SOCK_STREAM),
    ],
)
def test_a_port_in_use_is_named_before_anything_starts(home: Path, port: int, kind: socket.SocketKind):
    with taken(port, kind), pytest.raises(PortInUseError, match=rf"port {port} .* ANTIPODES_PORT"):
        start(home)
    assert not (home / folder.LOG).exists()
    assert folder.running(home) is None


@pytest.mark.parametrize("port", [PORTS.provider, PORTS.emulator])
def test_a_port_that_is_taken_while_the_daemon_starts_is_named_and_nothing_is_left(
    home: Path, monkeypatch: pytest.MonkeyPatch, port: int
):
    with ExitStack() as other:

        def look_then_take(**ports: list[int]) -> None:
            require_free(**ports)
            other.enter_context(taken(port))

        monkeypatch.setattr(folder, "require_free", look_then_take)
        with pytest.raises(PortInUseError, match=rf"port {port} .* ANTIPODES_PORT"):
            start(home)
        assert processes(home) == []
    assert folder.running(home) is None
    assert open_ports() == []


WITHOUT_EMULATOR = """#!{python}
import runpy, sys
from pathlib import Path
sys.path.insert(0, str(Path.cwd()))
from sandbox import emulator
emulator.sys = type("sys", (), {{"executable": "/bin/false"}})
sys.argv = sys.argv[2:]
runpy.run_module("sandbox", run_name="__main__")
"""


def test_a_part_that_fails_at_the_start_is_told_in_one_line_and_nothing_is_left(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    python = tmp_path / "python"
    python.write_text(WITHOUT_EMULATOR.format(python=sys.executable))
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))

    with pytest.raises(SandboxError) as told:
        start(home)

    emulator_log, log = home / "emulator.log", home / folder.LOG
    reason = f"the AWS emulator ended with code 1; see {emulator_log}"
    assert str(told.value) == f"the sandbox did not start: {reason}. Its whole log: {log}"
    assert processes(home) == []
    assert folder.running(home) is None
    assert open_ports() == []

"""The process that is the embedded AWS: assembles the parts, runs until it is told to stop."""

import asyncio
import gc
import os
import signal
import sys
from contextlib import AsyncExitStack
from pathlib import Path

from sandbox import folder, version
from sandbox.appsync.endpoints import RegionalEndpoints
from sandbox.aws import OF_AWS, Clients
from sandbox.certificates import CertificateAuthority
from sandbox.cloudfront.network import EdgeNetwork
from sandbox.cloudwatch.function_logs import FunctionLogs
from sandbox.cloudwatch.store import MetricStore
from sandbox.control_plane import ControlPlane
from sandbox.dns import DnsServers
from sandbox.emulator import Emulator, EmulatorError
from sandbox.extensions import health_checks
from sandbox.extensions.edge_replicas import EdgeReplicas
from sandbox.extensions.upstream import EmulatorCalls
from sandbox.faults.control import FaultsControl
from sandbox.faults.listeners import ListenerFaults
from sandbox.faults.state import Faults
from sandbox.function_urls import FunctionUrls
from sandbox.gateway import Gateway
from sandbox.health import HealthCheckers
from sandbox.health.whereabouts import Whereabouts
from sandbox.lambda_runtime import LambdaRuntime
from sandbox.ports import LOOPBACK, Ports
from sandbox.provider.server import Provider
from sandbox.regional_listeners import RegionalListeners
from sandbox.roles import Roles
from sandbox.time_scale import TimeScale

_NEW_OBJECTS = 100_000
"""After so many it looks for garbage; Python by default after 700."""


async def run(home: Path, ports: Ports, cities: list[str]) -> None:
    """Serves until SIGTERM or SIGINT; `home` receives the CA, the logs and, once all parts answer, daemon.json."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)

    endpoint = ports.aws_endpoint
    control_plane = ControlPlane(Clients(endpoint, OF_AWS))
    authority = CertificateAuthority(home)
    emulator = Emulator(ports.emulator, home / "emulator.log")
    roles = Roles()
    time_scale = TimeScale()
    faults = Faults()
    metrics = MetricStore(real=time_scale.real)
    emulator_calls = EmulatorCalls(f"http://{LOOPBACK}:{ports.emulator}")
    logs = FunctionLogs(emulator_calls, metrics, lambda region: faults.now.is_down(region))  # noqa: PLW0108 - `now` changes
    runtime = LambdaRuntime(control_plane, endpoint, home / "functions", roles, faults, metrics=metrics, logs=logs)
    time_scale.watch(runtime.clock.run)
    endpoints = RegionalEndpoints(control_plane, runtime, authority, roles, metrics)
    regions = RegionalListeners(ports, [FunctionUrls(control_plane, runtime.invoke, authority), endpoints])
    checkers = HealthCheckers(control_plane, time_scale, Whereabouts(control_plane, ports).port)
    dns = DnsServers(control_plane, ports, checkers.is_healthy, planted=faults)
    gateway = Gateway(
        f"http://{LOOPBACK}:{ports.emulator}",
        control_plane.changed,
        invoke=runtime.invoke,
        roles=roles,
        default_endpoint=endpoints.default_endpoint,
        replicas=EdgeReplicas(runtime.clock.now),
        faults=faults,
        metrics=metrics,
        controls=[
            *time_scale.controls,
            *FaultsControl(faults, cities).controls,
            *runtime.clock.controls,
            *dns.faults.controls,
            *checkers.controls,
        ],
        handlers=health_checks.reports(checkers.observations),
    )
    provider = Provider(Clients(endpoint), ports.provider)
    edges = EdgeNetwork(control_plane, runtime, ports, authority, cities)

    async with AsyncExitStack() as running:
        running.callback(emulator.stop)
        emulator.start()
        running.push_async_callback(runtime.stop)  # after the gateway, whose triggers call functions
        running.push_async_callback(gateway.stop)
        await gateway.start(LOOPBACK, ports.gateway)
        running.callback(provider.stop)
        provider.start()
        for part in (emulator_calls, logs, dns, regions, edges, checkers):
            running.push_async_callback(part.stop)
            await part.start()
        faults.watch(ListenerFaults(faults, regions.listeners, edges.listeners).follow)
        running.push_async_callback(faults.clear)  # so that nothing is left hanging
        description = folder.Daemon(
            pid=os.getpid(),
            base=ports.base,
            ca=str(authority.ca_file.relative_to(home)),
            cities=cities,
            version=version.digest(),
        )
        folder.write_json(home / folder.DAEMON, description.__dict__)
        await stop.wait()


def main(home: Path, base: int, cities: list[str]) -> None:
    """Runs the daemon of `home`; the last line that it prints says why it ended before it was told to."""
    # What it has imported it keeps. To look through that again and again was an eighth of all that it did.
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS)
    try:
        asyncio.run(run(home, Ports(base), cities))
    except EmulatorError as error:
        sys.exit(str(error))

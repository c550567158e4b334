"""Name servers over an emulator, in a thread of their own, for tests that ask over real sockets."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dns.message
import dns.query
from dns.message import Message

from sandbox.aws import Clients
from sandbox.control_plane import ControlPlane
from sandbox.dns import DnsServers
from sandbox.dns.control import DnsFaults
from sandbox.emulator import Emulator
from sandbox.ports import LOOPBACK, Ports


@dataclass(frozen=True)
class EmbeddedDns:
    """Route 53 of an emulator; no gateway reports changes here, so `change` does."""

    ports: Ports
    control_plane: ControlPlane
    loop: asyncio.AbstractEventLoop
    faults: DnsFaults

    @property
    def route53(self) -> Any:
        return self.control_plane.clients("route53")

    def create_zone(self, name: str) -> str:
        zone_id: str = self.route53.create_hosted_zone(Name=name, CallerReference=name)["HostedZone"]["Id"]
        return zone_id

    def change(self, zone_id: str, action: str, *record_sets: dict[str, Any]) -> None:
        changes = [{"Action": action, "ResourceRecordSet": record_set} for record_set in record_sets]
        self.route53.change_resource_record_sets(HostedZoneId=zone_id, ChangeBatch={"Changes": changes})
        self.loop.call_soon_threadsafe(self.control_plane.changed, "route53")

    def ask(self, name: str, kind: str, region: str = "eu-west-2", *, tcp: bool = False) -> Message:
        return self.send(dns.message.make_query(name, kind), region, tcp=tcp)

    def send(self, query: Message, region: str = "eu-west-2", *, tcp: bool = False) -> Message:
        transport = dns.query.tcp if tcp else dns.query.udp
        return transport(query, LOOPBACK, 2, self.ports.dns[region])


def record_set(name: str, kind: str, *values: str, ttl: int = 60, **routing: str) -> dict[str, Any]:
    records = [{"Value": value} for value in values]
    return {"Name": name, "Type": kind, "TTL": ttl, "ResourceRecords": records, **routing}


@contextmanager
def embedded_dns(ports: Ports, log: Path) -> Iterator[EmbeddedDns]:
    emulator = Emulator(ports.emulator, log)
    emulator.start()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        control_plane = ControlPlane(Clients(f"http://{LOOPBACK}:{ports.emulator}"))
        servers = DnsServers(control_plane, ports)
        asyncio.run_coroutine_threadsafe(servers.start(), loop).result()
        yield EmbeddedDns(ports, control_plane, loop, servers.faults)
        asyncio.run_coroutine_threadsafe(servers.stop(), loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
        emulator.stop()

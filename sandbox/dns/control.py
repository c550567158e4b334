"""Which fault the name servers have, for whom: set and shown while the sandbox runs."""

import itertools
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass

import dns.flags
import dns.message
from aiohttp import web
from dns.edns import ECSOption
from dns.message import Message
from dns.rdatatype import RdataType

from sandbox.control_body import sent
from sandbox.dns.faults import FAULTS, Exchange, Reply, good
from sandbox.faults.state import Faults

_ASKED_BY_FUNCTIONS = (RdataType.CNAME, RdataType.NS)
_SERVERS = ("resolver", "zone")


class UnknownFaultError(Exception):
    """There is no such fault, or nobody whom it could hit; the text lists what there is."""


@dataclass(frozen=True)
class _Planted:
    """A kind of fault; `region` and `server` say whose questions meet it, None everyone's."""

    fault: str | None = None
    region: str | None = None
    server: str | None = None


def _new_turns() -> defaultdict[str, Iterator[int]]:
    return defaultdict(itertools.count)


class DnsFaults:
    """At most one fault at a time, of the name servers that are asked from `regions`.

    Beside it they are down wherever `planted`, the faults of the whole sandbox, say so.

    It hits what functions ask: for aliases (CNAME), for a zone's name servers (NS) and for a client's subnet. How
    CloudFront finds the addresses of origins it leaves alone: on AWS those are other resolvers, and a fault that took
    both would tell nothing of what the router does about it.
    """

    def __init__(self, regions: Collection[str], planted: Faults | None = None) -> None:
        self._regions = regions
        self._sandbox = planted or Faults()
        self._planted = _Planted()
        self._turns = _new_turns()

    def plant(self, fault: str | None, *, region: str | None = None, server: str | None = None) -> None:
        """Plants a fault in the place of the one that there is; None clears it.

        Args:
            fault: a kind of `FAULTS`.
            region: the only region whose questions it hits.
            server: `resolver` where it hits only the regions' resolvers, `zone` where only the zones' own servers.

        Raises:
            UnknownFaultError: there is no such kind, region or server.
        """
        scopes = (("fault", fault, FAULTS), ("region", region, self._regions), ("server", server, _SERVERS))
        for what, given, known in scopes:
            if given is not None and given not in known:
                raise UnknownFaultError(f"There is no {what} {given!r}, only {', '.join(known)}.")
        self._planted = _Planted(fault, region, server)
        self._turns = _new_turns()

    def reply(self, region: str, answer: bytes, *, tcp: bool) -> Reply:
        """What one who asks from `region` gets where `answer` would be right."""
        fault, is_down = self._planted.fault, self._sandbox.now.dns_is_down(region)
        if fault is None and not is_down:
            return good(Exchange(answer, tcp))
        message = dns.message.from_wire(answer)
        if is_down and _is_asked_by_function(message):
            return FAULTS["down"](Exchange(answer, tcp))
        if fault is None or not self._hits(region, message):
            return good(Exchange(answer, tcp))
        return FAULTS[fault](Exchange(answer, tcp, next(self._turns[region])))

    def _hits(self, region: str, answer: Message) -> bool:
        server = "resolver" if answer.flags & dns.flags.RD else "zone"
        return (
            self._planted.region in (None, region)
            and self._planted.server in (None, server)
            and _is_asked_by_function(answer)
        )

    @property
    def controls(self) -> list[web.RouteDef]:
        """The control's resource, for the gateway to serve."""
        return [web.get("/_sandbox/dns", self._show), web.put("/_sandbox/dns", self._control)]

    async def _show(self, _: web.Request) -> web.Response:
        return web.json_response(asdict(self._planted))

    async def _control(self, request: web.Request) -> web.Response:
        try:
            self.plant(**await sent(request))
        except UnknownFaultError as error:
            return web.json_response({"message": str(error)}, status=400)
        except (TypeError, ValueError):
            message = (
                f'Send {{"fault": kind}}, null for none, and "region" or "server" ({", ".join(_SERVERS)}) for one only.'
            )
            return web.json_response({"message": message}, status=400)
        return await self._show(request)


def _is_asked_by_function(answer: Message) -> bool:
    """By the answer, which repeats what it was asked: of the subnet, where the server takes notice of it."""
    return any(question.rdtype in _ASKED_BY_FUNCTIONS for question in answer.question) or any(
        isinstance(option, ECSOption) for option in answer.options
    )

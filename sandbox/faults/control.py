"""The faults as a resource of the sandbox: shown, planted and cleared over HTTP."""

from collections.abc import Collection

from aiohttp import web

from sandbox.control_body import sent
from sandbox.faults.kinds import Fault, members
from sandbox.faults.parse import UnknownFaultError, known_kind, parse
from sandbox.faults.state import Faults

_PATH = "/_sandbox/faults"


class FaultsControl:
    """`cities` are those that have an edge location."""

    def __init__(self, faults: Faults, cities: Collection[str]) -> None:
        self._faults = faults
        self._cities = cities

    @property
    def controls(self) -> list[web.RouteDef]:
        """The control's resources, for the gateway to serve: each answers with the faults that there are then.

        PUT plants the fault of a document. DELETE clears all, or those of the kind in the path; members in the query,
        such as ?region=eu-west-1, spare all others of that kind.
        """
        return [
            web.get(_PATH, self._show),
            web.put(_PATH, self._plant),
            web.delete(_PATH, self._clear),
            web.delete(_PATH + "/{kind}", self._clear_kind),
        ]

    async def _show(self, _: web.Request) -> web.Response:
        return web.json_response({"faults": [fault.document for fault in self._faults.now.faults]})

    async def _plant(self, request: web.Request) -> web.Response:
        try:
            fault = parse(await sent(request), self._cities)
        except UnknownFaultError as error:
            return _refused(error)
        except ValueError:
            return web.json_response({"message": "Send a fault as a JSON document."}, status=400)
        await self._faults.plant(fault)
        return await self._show(request)

    async def _clear(self, request: web.Request) -> web.Response:
        await self._faults.clear()
        return await self._show(request)

    async def _clear_kind(self, request: web.Request) -> web.Response:
        try:
            kind = known_kind(request.match_info["kind"])
            if unknown := request.query.keys() - set(members(kind)):
                raise UnknownFaultError(  # noqa: TRY301 - one answer for all that is unknown
                    f"{kind.kind} has no {', '.join(sorted(unknown))}, only {', '.join(members(kind))}."
                )
        except UnknownFaultError as error:
            return _refused(error)
        asked = dict(request.query)

        def is_gone(fault: Fault) -> bool:
            return isinstance(fault, kind) and asked.items() <= fault.place.items()

        await self._faults.clear(is_gone)
        return await self._show(request)


def _refused(error: UnknownFaultError) -> web.Response:
    return web.json_response({"message": str(error)}, status=400)

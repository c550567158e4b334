"""What happens to a request: to which region it goes, and how."""

from __future__ import annotations

import diagnostics
import log
import responses
import viewer
from choice import choose
from origin import Origin, request_of

TYPE_CHECKING = False  # importing typing takes longer than this module
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from choice import Choice
    from liveness import Liveness
    from places import Places
    from regional_headers import RegionalHeaders
    from resolver import Answer, Resolver
    from table import Table
    from viewer import Place


class Router:
    """The way of every request of one process, which Lambda gives one at a time."""

    def __init__(
        self,
        table: Table,
        resolver: Resolver,
        places: Places | None,
        regional_headers: RegionalHeaders,
        executing_region: str | None,
        liveness: Liveness | None = None,
    ) -> None:
        """`executing_region` is as AWS names it.

        `places` only where DNS is asked for the viewer's edge location, `liveness` where it is told of each region.
        """
        self._table = table
        self._resolver = resolver
        self._places = places
        self._regional_headers = regional_headers
        self._executing_region = executing_region
        self._liveness = liveness
        self._alive = None if liveness is None else self._is_alive
        self._origins: dict[Choice, Origin] = {}

    def answer(self, event: Any) -> dict[str, Any]:
        """The request on its way to a region, or a response where it can go nowhere, or asked for the region alone."""
        request = request_of(event)
        if request is None:
            return responses.misplaced()
        table = self._table
        place = None if self._places is None else viewer.place(request)
        answer: Answer | None = None

        def named() -> Choice | None:
            nonlocal answer
            answer = self._newest(place)
            return None if answer is None else (answer.key, _reason(answer))

        choice = choose(
            table,
            is_write=table.writes is not None and viewer.is_write(request),
            homes=() if table.sticky is None else viewer.homes(request, table.sticky),
            named=named,
            viewer=viewer.identity(request) if table.dials else "",
            alive=self._alive,
        )
        if choice is None:
            return responses.unavailable()
        if table.diagnostics and diagnostics.is_asked_for(request):
            return diagnostics.answer(
                choice,
                age=None if answer is None or choice[1] == "sticky" else answer.since.elapsed(),
                edge_region=self._executing_region,
                edge_location=None if place is None else place[0],
            )
        return self._origin(choice).send(request, self._regional_headers)

    def _is_alive(self, key: str, may_ask: bool) -> bool:  # noqa: FBT001 - as `choose` calls it
        """Whether the region is; so it is where finding out fails in a way that nobody foresaw."""
        try:
            return self._liveness is None or self._liveness.is_alive(key, may_ask=may_ask)
        except Exception as error:  # noqa: BLE001 - see above
            log.report_defect(error)
            return True

    def _newest(self, place: Place | None) -> Answer | None:
        """What DNS says for the viewer's edge location, or for here: a fresh answer before a near one."""
        there = None if self._places is None or place is None else _asked(self._places.answer, *place)
        if there is not None and not there.stale:
            return there
        here = _asked(self._resolver.answer)
        if here is not None and not here.stale:
            return here
        return there or here

    def _origin(self, choice: Choice) -> Origin:
        origin = self._origins.get(choice)
        if origin is None:
            origin = self._origins[choice] = Origin(self._table.hosts[choice[0]], choice)
        return origin


def _reason(answer: Answer) -> str:
    if answer.stale:
        return "stale"
    return "location" if answer.scope else "dns"


def _asked(answer: Callable[..., Answer | None], *place: str | bytes) -> Answer | None:
    """What DNS says; nothing where asking it fails in a way that nobody foresaw: there are other ways to choose."""
    try:
        return answer(*place)
    except Exception as error:  # noqa: BLE001 - see above
        log.report_defect(error)
        return None

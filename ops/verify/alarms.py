"""Each region's alarms, of which operators are told and some of which Route 53 watches."""

from collections.abc import Collection, Iterator, Mapping

from ops.verify.finding import Fault
from ops.verify.link import Link
from ops.verify.site import Site, listed

_TYPES = ("MetricAlarm", "CompositeAlarm")


def judge(expected: Collection[str], found: Mapping[str, bool]) -> Iterator[Fault]:
    """`found` maps the alarms that there are to whether they act: tell somebody."""
    if missing := set(expected) - found.keys():
        yield Fault(f"there is no alarm {listed(missing)}")
    if silent := [name for name in expected if found.get(name) is False]:
        yield Fault(
            f"the actions of {listed(silent)} are switched off: nobody is told",
            "Switch them on again in CloudWatch (EnableAlarmActions), once what they were switched off for is over.",
        )


def _check(site: Site, key: str) -> Iterator[Fault]:
    names = list(site.told("alarms", key).values())
    pages = site.client("cloudwatch", site.region(key)).get_paginator("describe_alarms")
    found = {
        alarm["AlarmName"]: alarm["ActionsEnabled"]
        for page in pages.paginate(AlarmNames=names, AlarmTypes=list(_TYPES))
        for kind in ("MetricAlarms", "CompositeAlarms")
        for alarm in page.get(kind, ())
    }
    return judge(names, found)


LINK = Link("alarms", "every region has its own, and they act", in_region=_check)

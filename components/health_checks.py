"""Route 53's own look at a region, by which it names the region to the router or not."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.failover import Failover
from components.region_alarms import RoutedAlarm
from components.topology import Region

_HTTPS = 443
# A switch that was turned is to be obeyed at once: one answer is enough.
_DRAIN_INTERVAL = 10  # seconds
_DRAIN_THRESHOLD = 1


@dataclass(frozen=True, kw_only=True)
class HealthChecksArgs:
    """What Route 53 looks at, to tell whether `region` may take requests.

    Attributes:
        host: of the region's health endpoint.
        drain_hosts: of the health endpoints in which the region's drain switch lies, by their regions' keys.
        alarms: the region's own alarms that tell against it, by kind.
    """

    domain: str
    region: Region
    failover: Failover
    host: pulumi.Input[str]
    drain_hosts: Mapping[str, pulumi.Input[str]]
    alarms: Mapping[str, RoutedAlarm]


class HealthChecks(pulumi.ComponentResource):
    """One check of all: the endpoint says yes, no drain switch is on, and no alarm sounds.

    The endpoint's check alone keeps the failover's time. Alarms take minutes, and hear of what the endpoint does not:
    requests of clients that fail.
    """

    combined: pulumi.Output[str]
    """The check's id; and `endpoint`'s, `drain`'s by the key of the region that holds it, `alarms`' by kind."""
    endpoint: pulumi.Output[str]
    drain: Mapping[str, pulumi.Output[str]]
    alarms: Mapping[str, pulumi.Output[str]]

    def __init__(self, name: str, args: HealthChecksArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("antipodes:index:HealthChecks", name, {}, opts)
        self._name, self._args = name, args
        failover = args.failover
        endpoint = self._check(
            "endpoint", **_https(args.host, "/", interval=failover.interval, threshold=failover.threshold)
        )
        drain = {
            holder: self._check(f"drain-{holder}", **self._switch(host)) for holder, host in args.drain_hosts.items()
        }
        alarms = {kind: self._check(f"alarm-{kind}", **self._alarm(alarm)) for kind, alarm in args.alarms.items()}
        all_checks = [endpoint, *drain.values(), *alarms.values()]
        combined = self._check(
            "combined",
            type="CALCULATED",
            child_healthchecks=[check.id for check in all_checks],
            child_health_threshold=len(all_checks),
        )
        self.combined, self.endpoint = combined.id, endpoint.id
        self.drain = {holder: check.id for holder, check in drain.items()}
        self.alarms = {kind: check.id for kind, check in alarms.items()}
        self.register_outputs({"combined": self.combined})

    def _switch(self, host: pulumi.Input[str]) -> dict[str, Any]:
        """Inverted, so that only a holder that says yes drains: one that is dead or fails drains nobody."""
        path = f"/drain/{self._args.region.key}"
        asked = _https(host, path, interval=_DRAIN_INTERVAL, threshold=_DRAIN_THRESHOLD)
        return {**asked, "invert_healthcheck": True}

    def _alarm(self, alarm: RoutedAlarm) -> dict[str, Any]:
        return {
            "type": "CLOUDWATCH_METRIC",
            "cloudwatch_alarm_name": alarm.name,
            # Route 53 keeps the alarm's settings as they were when the check was last written ("Updating health checks
            # when you change CloudWatch alarm settings" in its Developer Guide), which this makes happen.
            "triggers": {"settings": alarm.settings},
            "cloudwatch_alarm_region": self._args.region.name,
            # A region that nobody asks has no errors.
            "insufficient_data_health_status": "Healthy",
        }

    def _check(self, what: str, **settings: Any) -> aws.route53.HealthCheck:
        # Route 53's console shows the tag as the check's name.
        tags = {"Name": f"{self._args.domain} {self._args.region.key} {what}"}
        options = pulumi.ResourceOptions(parent=self)
        return aws.route53.HealthCheck(f"{self._name}-{what}", tags=tags, opts=options, **settings)


def _https(host: pulumi.Input[str], path: str, *, interval: int, threshold: int) -> dict[str, Any]:
    return {
        "type": "HTTPS",
        "fqdn": host,
        "port": _HTTPS,
        "resource_path": path,
        "enable_sni": True,
        "request_interval": interval,
        "failure_threshold": threshold,
    }

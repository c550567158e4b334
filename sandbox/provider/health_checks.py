"""Route 53: health checks."""

# ruff: noqa: ARG002 - all types have the same methods, and few need all that these get

from sandbox.provider import route53
from sandbox.provider.fields import Change, Field, Many, Mapping, Tags, outputs, shape
from sandbox.provider.resource import IDENTITY, Aws, Properties, Resource, found, remove, touched

_RESOURCE_TYPE = "healthcheck"
_ONLY_AT_CREATION = ("Type", "MeasureLatency", "RequestInterval", "RoutingControlArn")
# What only a check that asks an endpoint may have ("HealthCheckConfig" in the Amazon Route 53 API Reference).
_OF_ENDPOINTS = ("MeasureLatency",)
_WITHOUT_ENDPOINT = ("CALCULATED", "CLOUDWATCH_METRIC", "RECOVERY_CONTROL")
_SET = Many(ordered=False)


class HealthCheck(Resource):
    """A check of an endpoint, of an alarm's state or of other checks, told from others by its caller reference."""

    token = "aws:route53/healthCheck:HealthCheck"
    regional = False
    shape = shape(
        Field("type", "Type", replaces=True),
        Field("fqdn", "FullyQualifiedDomainName"),
        Field("ipAddress", "IPAddress"),
        Field("port", "Port", computed=True),
        Field("resourcePath", "ResourcePath"),
        Field("searchString", "SearchString"),
        Field("requestInterval", "RequestInterval", computed=True, replaces=True),
        Field("failureThreshold", "FailureThreshold", computed=True),
        Field("measureLatency", "MeasureLatency", default=False, replaces=True),
        Field("enableSni", "EnableSNI", computed=True),
        Field("regions", "Regions", _SET, computed=True),
        Field("invertHealthcheck", "Inverted", default=False),
        Field("disabled", "Disabled", default=False),
        Field("childHealthchecks", "ChildHealthChecks", _SET),
        Field("childHealthThreshold", "HealthThreshold"),
        Field("cloudwatchAlarmName", "AlarmIdentifier.Name"),
        Field("cloudwatchAlarmRegion", "AlarmIdentifier.Region"),
        Field("insufficientDataHealthStatus", "InsufficientDataHealthStatus", computed=True),
        Field("routingControlArn", "RoutingControlArn", replaces=True),
        Field("triggers", kind=Mapping(), default={}),
        Field("tags", kind=Tags(), default={}),
        *outputs("arn"),
    )

    def create(self, aws: Aws, inputs: Properties) -> str:
        without = _OF_ENDPOINTS if inputs["type"] in _WITHOUT_ENDPOINT else ()
        wanted = {name: value for name, value in self.shape.encode(inputs).items() if name not in without}
        made = aws("route53").create_health_check(CallerReference=inputs[IDENTITY], HealthCheckConfig=wanted)
        return str(made["HealthCheck"]["Id"])

    def finish(self, aws: Aws, id_: str, inputs: Properties) -> None:
        route53.tag(aws, _RESOURCE_TYPE, id_, {}, inputs.get("tags", {}))

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        answer = found(aws("route53").get_health_check, HealthCheckId=id_)
        if answer is None:
            return None
        return self.shape.decode(answer["HealthCheck"]["HealthCheckConfig"]) | {
            "tags": route53.tags(aws, _RESOURCE_TYPE, id_),
            "triggers": known.get("triggers", {}),  # the provider's own: AWS does not hear of them
            "arn": f"arn:aws:route53:::healthcheck/{id_}",
        }

    def update(self, aws: Aws, id_: str, inputs: Properties, changes: dict[str, Change]) -> None:
        if any(not touched({path: change}, "tags") for path, change in changes.items()):
            # Also where nothing but a trigger changed: Route 53 reads an alarm's settings again when it is updated.
            wanted = self.shape.encode(inputs)
            changed = {name: value for name, value in wanted.items() if name not in _ONLY_AT_CREATION}
            aws("route53").update_health_check(HealthCheckId=id_, **changed)
        if touched(changes, "tags"):
            present = route53.tags(aws, _RESOURCE_TYPE, id_)
            route53.tag(aws, _RESOURCE_TYPE, id_, present, inputs.get("tags", {}))

    def delete(self, aws: Aws, id_: str, known: Properties) -> None:
        remove(aws("route53").delete_health_check, HealthCheckId=id_)

    def find(self, aws: Aws, inputs: Properties) -> str | None:
        for page in aws("route53").get_paginator("list_health_checks").paginate():
            for check in page["HealthChecks"]:
                if check["CallerReference"] == inputs[IDENTITY]:
                    return str(check["Id"])
        return None

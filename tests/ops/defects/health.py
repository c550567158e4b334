"""Defects of what takes a region out of rotation: health endpoints and Route 53's checks."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from tests.ops.defects import names
from tests.ops.defects.defect import Defect, Plant, Stack

_KEY, _OTHER = "sydney", "ireland"


def _host(stack: Stack, key: str) -> str:
    return str(urlsplit(stack.outputs["health"][key]).hostname)


def check(which: Callable[[Any], str], **other: Callable[[Stack, Any], Any]) -> Plant:
    """One of Sydney's health checks with other settings, each made of the stack and the old settings."""

    @contextmanager
    def plant(stack: Stack) -> Iterator[None]:
        route53, id_ = stack.client("route53"), which(stack.outputs["healthChecks"][_KEY])
        old = route53.get_health_check(HealthCheckId=id_)["HealthCheck"]["HealthCheckConfig"]
        route53.update_health_check(HealthCheckId=id_, **{name: made(stack, old) for name, made in other.items()})
        try:
            yield
        finally:
            route53.update_health_check(HealthCheckId=id_, **{name: old[name] for name in other})

    return plant


def _endpoint(checks: Any) -> str:
    return str(checks["endpoint"])


def _drain(checks: Any) -> str:
    return str(checks["drain"][_OTHER])


def _combined(checks: Any) -> str:
    return str(checks["combined"])


@contextmanager
def another_check(stack: Stack) -> Iterator[None]:
    """Sydney's record goes by Ireland's health."""
    with names.latency(HealthCheckId=stack.outputs["healthChecks"][_OTHER]["combined"])(stack):
        yield


def _alarm(checks: Any) -> str:
    return str(checks["alarms"]["errors"])


def _identifier(**other: str) -> Callable[[Stack, Any], Any]:
    return lambda _, old: {**old["AlarmIdentifier"], **other}


@contextmanager
def silent_alarm(stack: Stack) -> Iterator[None]:
    cloudwatch, name = stack.client("cloudwatch", _KEY), stack.outputs["alarms"][_KEY]["errors"]
    cloudwatch.disable_alarm_actions(AlarmNames=[name])
    try:
        yield
    finally:
        cloudwatch.enable_alarm_actions(AlarmNames=[name])


@contextmanager
def no_alarm(stack: Stack) -> Iterator[None]:
    cloudwatch, name = stack.client("cloudwatch", _KEY), stack.outputs["alarms"][_KEY]["throttles"]
    [old] = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    cloudwatch.delete_alarms(AlarmNames=[name])
    try:
        yield
    finally:
        settings = cloudwatch.meta.service_model.operation_model("PutMetricAlarm").input_shape.members
        cloudwatch.put_metric_alarm(**{part: value for part, value in old.items() if part in settings})


@contextmanager
def closed_url(stack: Stack) -> Iterator[None]:
    """Nobody may call Sydney's health endpoint."""
    functions, name = stack.client("lambda", _KEY), stack.outputs["functions"][_KEY]["health"]
    statements = json.loads(functions.get_policy(FunctionName=name)["Policy"])["Statement"]
    [closed] = [each for each in statements if each["Action"] == "lambda:InvokeFunctionUrl"]
    functions.remove_permission(FunctionName=name, StatementId=closed["Sid"])
    try:
        yield
    finally:
        functions.add_permission(
            FunctionName=name,
            StatementId=closed["Sid"],
            Action=closed["Action"],
            Principal="*",
            FunctionUrlAuthType="NONE",
        )


DEFECTS = (
    Defect(
        "a check of another region's endpoint",
        check(_endpoint, FullyQualifiedDomainName=lambda stack, _: _host(stack, _OTHER)),
        "health checks",
        _KEY,
        "the check of the endpoint has FullyQualifiedDomainName",
    ),
    Defect(
        "a check that waits for long",
        check(_endpoint, FailureThreshold=lambda *_: 10),
        "health checks",
        _KEY,
        "FailureThreshold 10",
    ),
    Defect(
        "a drain that is taken for health",
        check(_drain, Inverted=lambda *_: False),
        "health checks",
        _KEY,
        "the check of drains has Inverted False",
    ),
    Defect(
        "a check of another region's drain",
        check(_drain, ResourcePath=lambda *_: f"/drain/{_OTHER}"),
        "health checks",
        _KEY,
        f"has ResourcePath /drain/{_OTHER}",
    ),
    Defect(
        "a check of another alarm",
        check(_alarm, AlarmIdentifier=_identifier(Name="elsewhere")),
        "health checks",
        _KEY,
        "the check of an alarm has alarm elsewhere",
    ),
    Defect(
        "a check of an alarm of another AWS region",
        check(_alarm, AlarmIdentifier=_identifier(Region="us-west-2")),
        "health checks",
        _KEY,
        "the check of an alarm has region us-west-2",
    ),
    Defect("an alarm that tells nobody", silent_alarm, "alarms", _KEY, "nobody is told", "EnableAlarmActions"),
    Defect("an alarm that is gone", no_alarm, "alarms", _KEY, "no alarm example.localhost-sydney-throttles"),
    Defect(
        "a combined check without one of its parts",
        check(_combined, ChildHealthChecks=lambda _, old: old["ChildHealthChecks"][1:]),
        "health checks",
        _KEY,
        "the combined check lacks",
    ),
    Defect(
        "a combined check that one part satisfies",
        check(_combined, HealthThreshold=lambda *_: 1),
        "health checks",
        _KEY,
        "the combined check has HealthThreshold 1",
    ),
    Defect(
        "a record without its health check",
        names.latency(HealthCheckId=None),
        "latency records",
        _KEY,
        "the health check of nobody",
    ),
    Defect("a record by another region's health", another_check, "latency records", _KEY, "goes by the health check"),
    Defect("a health endpoint that nobody may call", closed_url, "health", _KEY, "lambda:InvokeFunctionUrl"),
)

"""The origin that a function chose by cf.updateRequestOrigin ("Helper methods for origin modification" in the
CloudFront Developer Guide): what it does not say stays as the distribution has it.
"""

from dataclasses import replace
from typing import Any

from sandbox.cloudfront.distribution import Origin


def updated_origin(origin: Origin, parameters: dict[str, Any]) -> Origin:
    """The assigned `origin` with valid `parameters` in place of its settings."""
    custom = dict(origin.event["custom"])
    timeouts, shield = parameters.get("timeouts", {}), parameters.get("originShield")
    settings = {
        "domainName": parameters.get("domainName"),
        "path": parameters.get("originPath"),
        "readTimeout": timeouts.get("readTimeout"),
        "keepaliveTimeout": timeouts.get("keepAliveTimeout"),
        **{name: parameters.get("customOriginConfig", {}).get(name) for name in ("port", "protocol", "sslProtocols")},
    }
    custom |= {name: value for name, value in settings.items() if value is not None}
    if "customHeaders" in parameters:
        custom["customHeaders"] = {
            name: [{"key": name.title(), "value": value}] for name, value in parameters["customHeaders"].items()
        }
    shield_region = origin.shield_region
    if shield is not None:
        shield_region = shield.get("region") if shield["enabled"] else None
    return replace(
        origin,
        event={"custom": custom},
        connection_attempts=parameters.get("connectionAttempts", origin.connection_attempts),
        connection_timeout=timeouts.get("connectionTimeout", origin.connection_timeout),
        shield_region=shield_region,
        host_header=parameters.get("hostHeader", parameters.get("domainName", origin.host_header)),
    )


def not_emulated(origin: Origin, parameters: dict[str, Any]) -> list[str]:
    """What of the parameters would make CloudFront act otherwise than the sandbox; `origin` is the updated one."""
    name = origin.domain_name
    sni = parameters.get("sni", origin.host_header or name)
    lacking = [] if sni == name else [f"the server name {sni} in TLS with {name}"]
    if "allowedCertificateNames" in parameters:
        lacking.append("allowed certificate names")
    if "responseCompletionTimeout" in parameters.get("timeouts", {}):
        lacking.append("a response completion timeout")
    return lacking

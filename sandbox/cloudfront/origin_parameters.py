"""The parameters of updateRequestOrigin, held against their documentation.

Source: "Helper methods for origin modification" (CloudFront guide).
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

_Check = Callable[[Any], bool]

_NAME = re.compile(r"(?=.{1,253}\Z)[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*")
_ADDRESS = re.compile(r"[0-9.]+")
_PATH = re.compile(r"/[!-~]{0,254}(?<!/)")
_CERTIFICATE = re.compile(r"(?=.{1,64}\Z)(\*\.)?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
_MAX_CERTIFICATES = 20
_HTTP_PORTS = {80, 443, *range(1024, 65536)}


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and bool(_NAME.fullmatch(value)) and not _ADDRESS.fullmatch(value)


def _is_path(value: Any) -> bool:
    return isinstance(value, str) and (value == "" or bool(_PATH.fullmatch(value)))


def _whole(low: int, high: int) -> _Check:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _one_of(*allowed: Any) -> _Check:
    return lambda value: isinstance(value, str | int) and not isinstance(value, bool) and value in allowed


def _is_boolean(value: Any) -> bool:
    return isinstance(value, bool)


def _are_headers(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(text, str) and name == name.lower() for name, text in value.items()
    )


def _are_protocols(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(_is_protocol(each) for each in value)


def _are_certificates(value: Any) -> bool:
    return (
        isinstance(value, list)
        and 1 <= len(value) <= _MAX_CERTIFICATES
        and all(isinstance(name, str) and _CERTIFICATE.fullmatch(name) for name in value)
    )


_is_protocol = _one_of("SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2")
_PARAMETERS: dict[str, _Check | dict[str, _Check]] = {
    "domainName": _is_name,
    "hostHeader": _is_name,
    "sni": _is_name,
    "allowedCertificateNames": _are_certificates,
    "originPath": _is_path,
    "customHeaders": _are_headers,
    "connectionAttempts": _whole(1, 3),
    "originShield": {"enabled": _is_boolean, "region": lambda value: isinstance(value, str)},
    "timeouts": {
        "readTimeout": _whole(1, 120),
        "responseCompletionTimeout": _whole(1, 3600),
        "keepAliveTimeout": _whole(1, 120),
        "connectionTimeout": _whole(1, 10),
    },
    "customOriginConfig": {
        "port": lambda value: isinstance(value, int) and value in _HTTP_PORTS,
        "protocol": _one_of("http", "https"),
        "sslProtocols": _are_protocols,
        "ipAddressType": _one_of("ipv4", "ipv6", "dualstack"),
    },
}
_REQUIRED = {"customOriginConfig": {"port", "protocol", "sslProtocols"}, "originShield": {"enabled"}}


def faults(parameters: Any) -> list[str]:
    """What CloudFront would not take, a text each; empty where it takes all."""
    if not isinstance(parameters, dict):
        return ["takes an object"]
    return list(_faults(parameters, _PARAMETERS, ""))


def _faults(given: Mapping[str, Any], known: Mapping[str, _Check | dict[str, _Check]], path: str) -> Iterator[str]:
    for name, value in given.items():
        check = known.get(name)
        if check is None:
            yield f"{path}{name} is no parameter that the sandbox knows"
        elif callable(check):
            if not check(value):
                yield f"{path}{name} cannot be {'as they are' if name == 'customHeaders' else repr(value)}"
        elif not isinstance(value, dict):
            yield f"{path}{name} takes an object"
        else:
            yield from (f"{name}.{part} is missing" for part in sorted(_REQUIRED.get(name, set()) - value.keys()))
            yield from _faults(value, check, f"{name}.")

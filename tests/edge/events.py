"""Origin-request events as CloudFront sends them ("Lambda@Edge event structure")."""

import json
from base64 import b64encode
from typing import Any


def request(method: str = "POST", uri: str = "/graphql", **headers: str) -> dict[str, Any]:
    """The request alone; each of `headers` by its name, with _ for -."""
    inner: dict[str, Any] = origin_request(method, uri, **headers)["Records"][0]["cf"]["request"]
    return inner


def origin_request(method: str = "POST", uri: str = "/graphql", **headers: str) -> dict[str, Any]:
    named = {"host": "global-api.example.com", "user-agent": "Amazon CloudFront", "via": "2.0 x.cloudfront.net"}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    return {
        "Records": [
            {
                "cf": {
                    "config": {
                        "distributionDomainName": "d111111abcdef8.cloudfront.net",
                        "distributionId": "EDFDVBD6EXAMPLE",
                        "eventType": "origin-request",
                        "requestId": "4TyzHTaYWb1GX1qTfsHhEqV6HUDd_BzoBZnwfnvQc_1oF26ClkoUSEQ==",
                    },
                    "request": {
                        "clientIp": "203.0.113.178",
                        "headers": {
                            name: [{"key": name.title(), "value": value}] for name, value in sorted(named.items())
                        },
                        "method": method,
                        "origin": {
                            "custom": {
                                "customHeaders": {"x-note": [{"key": "X-Note", "value": "kept"}]},
                                "domainName": "default-origin.example.com",
                                "keepaliveTimeout": 5,
                                "path": "",
                                "port": 443,
                                "protocol": "https",
                                "readTimeout": 30,
                                "sslProtocols": ["TLSv1.2"],
                            }
                        },
                        "querystring": "header=e30&payload=e30=",
                        "uri": uri,
                    },
                }
            }
        ]
    }


def packed(content: object) -> str:
    """Regional headers as the deployment packs them."""
    return b64encode(json.dumps(content, separators=(",", ":")).encode()).decode()


def custom_headers(text: str, size: int = 1700) -> dict[str, list[dict[str, str]]]:
    """Custom headers of an origin, over which the deployment has spread `text`."""
    chunks = [text[at : at + size] for at in range(0, len(text), size)]
    return {
        f"x-antipodes-secret-{number}": [{"key": f"x-antipodes-secret-{number}", "value": chunk}]
        for number, chunk in enumerate(chunks)
    }

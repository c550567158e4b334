"""The event of a GraphQL query from a browser, as CloudFront hands it to the router."""

from typing import Any

_HEADERS = {
    "Host": "global-api.example.com",
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Accept": "application/json, text/plain, */*",
    "Accept-Language": "en-GB,en;q=0.5",
    "Accept-Encoding": "gzip, deflate, br, zstd",
    "Content-Type": "application/json; charset=UTF-8",
    "Content-Length": "172",
    "Authorization": "0123456789abcdef0123456789abcdef",
    "X-Amz-User-Agent": "aws-amplify/6.15.0 api/1 framework/3",
    "Origin": "https://app.example.com",
    "Referer": "https://app.example.com/",
    "Sec-Fetch-Dest": "empty",
    "Sec-Fetch-Mode": "cors",
    "Sec-Fetch-Site": "same-site",
    "Via": "2.0 2afae0d44e2540f472c0635ab62c232b.cloudfront.net (CloudFront)",
    "X-Forwarded-For": "203.0.113.178",
}


def query() -> dict[str, Any]:
    """By "Lambda@Edge event structure" in the Amazon CloudFront Developer Guide."""
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
                        "headers": {name.lower(): [{"key": name, "value": text}] for name, text in _HEADERS.items()},
                        "method": "POST",
                        "origin": {
                            "custom": {
                                "customHeaders": {},
                                "domainName": "default-origin.example.com",
                                "keepaliveTimeout": 60,
                                "path": "",
                                "port": 443,
                                "protocol": "https",
                                "readTimeout": 30,
                                "sslProtocols": ["TLSv1.2"],
                            }
                        },
                        "querystring": "",
                        "uri": "/graphql",
                    },
                }
            }
        ]
    }

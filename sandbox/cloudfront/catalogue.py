"""The distributions that CloudFront holds, found by the host that a viewer asks for."""

from botocore.exceptions import ClientError

from sandbox.certificates import certificate_names
from sandbox.cloudfront.distribution import Distribution, parse
from sandbox.control_plane import ControlPlane


class Catalogue:
    """All distributions as they are now: an update serves the very next request."""

    def __init__(self, control_plane: ControlPlane) -> None:
        self._control_plane = control_plane

    async def serving(self, host: str) -> Distribution | None:
        """The distribution of `host` (lower-case, without port); an exact alias goes before a wildcard."""
        found = [item for item in await self._all() if item.answers_to(host)]
        return min(found, key=lambda item: host not in (item.domain_name, *item.aliases), default=None)

    async def certificate_names(self, distribution: Distribution, host: str) -> list[str]:
        """The names on the certificate for `host`: the distribution's own, or CloudFront's for CloudFront's names."""
        if distribution.certificate_arn is None or host == distribution.domain_name:
            return [distribution.domain_name]
        return await certificate_names(self._control_plane, distribution.certificate_arn)

    async def _all(self) -> list[Distribution]:
        return await self._control_plane.read("cloudfront", "distributions", self._load)

    def _load(self) -> list[Distribution]:
        cloudfront = self._control_plane.clients("cloudfront")
        found = []
        for page in cloudfront.get_paginator("list_distributions").paginate():
            for summary in page["DistributionList"].get("Items", []):
                try:
                    config = cloudfront.get_distribution_config(Id=summary["Id"])["DistributionConfig"]
                except ClientError as error:
                    if error.response["Error"]["Code"] != "NoSuchDistribution":
                        raise
                else:
                    found.append(parse(summary["Id"], summary["DomainName"], config))
        return found

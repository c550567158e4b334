"""The certificate authority of the embedded AWS: it stands in for Amazon's, as far as this machine trusts it."""

import os
import ssl
from pathlib import Path

import trustme

from sandbox.control_plane import ControlPlane


class CertificateAuthority:
    """An authority that lives in `folder`, so that a `ca.pem` once given to a browser serves the next run too."""

    def __init__(self, folder: Path) -> None:
        self.ca_file = folder / "ca.pem"
        self._authority = _load_or_make(self.ca_file, folder / "ca.key")
        self._server_contexts: dict[tuple[tuple[str, ...], ssl.TLSVersion], ssl.SSLContext] = {}

    def server_context(self, names: list[str], minimum: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2) -> ssl.SSLContext:
        """Serves a certificate for `names` (DNS names or wildcards) from TLS version `minimum` on."""
        key = (tuple(names), minimum)
        context = self._server_contexts.get(key)
        if context is None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.minimum_version = minimum
            context.set_alpn_protocols(["http/1.1"])
            self._authority.issue_cert(*names).configure_cert(context)
            self._server_contexts[key] = context
        return context

    def client_context(self) -> ssl.SSLContext:
        """Trusts this authority and no other."""
        context = ssl.create_default_context(cafile=str(self.ca_file))
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context


def _load_or_make(certificate: Path, key: Path) -> trustme.CA:
    if certificate.exists() and key.exists():
        return trustme.CA.from_pem(certificate.read_bytes(), key.read_bytes())
    authority = trustme.CA(organization_name="antipodes sandbox")
    with os.fdopen(os.open(key, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(authority.private_key_pem.bytes())
    authority.cert_pem.write_to_path(str(certificate))
    return authority


async def certificate_names(control_plane: ControlPlane, arn: str) -> list[str]:
    """The names that ACM's certificate covers.

    Raises:
        botocore.exceptions.ClientError: there is no such certificate.
    """

    def load() -> list[str]:
        acm = control_plane.clients("acm", arn.split(":")[3])
        certificate = acm.describe_certificate(CertificateArn=arn)["Certificate"]
        return list(dict.fromkeys([certificate["DomainName"], *certificate.get("SubjectAlternativeNames", [])]))

    return await control_plane.read("acm", ("names", arn), load)

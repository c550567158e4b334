"""The one certificate that the global endpoint and every region's endpoint present."""

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.topology import GLOBAL_REGION

_TTL = 300  # seconds; ACM reads the record again at every renewal


@dataclass(frozen=True, kw_only=True)
class WildcardCertificateArgs:
    """`zone_id` is the public zone of `domain`, or of one above it."""

    domain: str
    zone_id: pulumi.Input[str]


class WildcardCertificate(pulumi.ComponentResource):
    """A public certificate for the domain and `*.domain`, validated through DNS.

    In us-east-1, because CloudFront takes certificates from there alone, and AppSync's custom domains, which stand
    behind CloudFront, do too.
    """

    arn: pulumi.Output[str]
    """Known once the certificate is issued: what uses it waits for that."""

    def __init__(self, name: str, args: WildcardCertificateArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("antipodes:index:WildcardCertificate", name, {}, opts)
        child_opts = pulumi.ResourceOptions(parent=self)

        certificate = aws.acm.Certificate(
            f"{name}-certificate",
            domain_name=args.domain,
            subject_alternative_names=[f"*.{args.domain}"],
            validation_method="DNS",
            region=GLOBAL_REGION,
            opts=child_opts,
        )
        # ACM asks for the same record for a domain and for its wildcard, so one is all there is to make ("DNS
        # validation" in the ACM User Guide). Any other certificate of this account for the domain asks for it too, so
        # it may be there already.
        option = certificate.domain_validation_options[0]
        record = aws.route53.Record(
            f"{name}-validation",
            zone_id=args.zone_id,
            name=option.resource_record_name,
            type=option.resource_record_type,
            records=[option.resource_record_value],
            ttl=_TTL,
            allow_overwrite=True,
            opts=child_opts,
        )
        validation = aws.acm.CertificateValidation(
            f"{name}-issued",
            certificate_arn=certificate.arn,
            validation_record_fqdns=[record.fqdn],
            region=GLOBAL_REGION,
            opts=child_opts,
        )
        self.arn = validation.certificate_arn
        self.register_outputs({"arn": self.arn})

"""ACM: certificates and the wait for their validation."""

# ruff: noqa: ARG002 - all types have the same methods, and few need all that these get

from typing import Any

from sandbox.provider.fields import Change, Field, Many, Tags, outputs, shape
from sandbox.provider.resource import (
    IDENTITY,
    IDENTITY_TAG,
    Aws,
    Properties,
    Resource,
    ResourceError,
    found,
    identity_tag,
    remove,
    tag_changes,
    touched,
    wait_until,
    without_identity,
)


class Certificate(Resource):
    """A certificate, told from others of its names by a tag that its properties never show."""

    token = "aws:acm/certificate:Certificate"
    shape = shape(
        Field("region", replaces=True),
        Field("domainName", "DomainName", replaces=True),
        Field(
            "subjectAlternativeNames",
            "SubjectAlternativeNames",
            Many(ordered=False),
            replaces=True,
            computed=True,
        ),
        Field("validationMethod", "ValidationMethod", replaces=True, computed=True),
        Field("keyAlgorithm", "KeyAlgorithm", default="RSA_2048", replaces=True),
        Field("tags", "Tags", Tags(), default={}),
        *outputs("arn", "domainValidationOptions", "status", "type", "notBefore", "notAfter"),
    )

    def create(self, aws: Aws, inputs: Properties) -> str:
        wanted = self.shape.encode({**inputs, "tags": identity_tag(inputs)})
        answer = aws("acm").request_certificate(**wanted, IdempotencyToken=inputs[IDENTITY])
        return str(answer["CertificateArn"])

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        certificate = _describe(aws, id_)
        if certificate is None:
            return None
        names = certificate["SubjectAlternativeNames"]
        if certificate["DomainName"] not in known.get("subjectAlternativeNames", names):
            # ACM lists the certificate's own name among the alternatives, whether it was asked for or not.
            names = [name for name in names if name != certificate["DomainName"]]
        tags = aws("acm").list_tags_for_certificate(CertificateArn=id_)["Tags"]
        options = certificate.get("DomainValidationOptions", [])
        method = options[0]["ValidationMethod"] if options else None
        decoded = self.shape.decode(
            certificate | {"SubjectAlternativeNames": names, "Tags": tags, "ValidationMethod": method}
        )
        return decoded | {
            "region": aws.region,
            "tags": without_identity(decoded["tags"]),
            "arn": id_,
            "domainValidationOptions": [_validation(option) for option in options],
            "status": certificate["Status"],
            "type": certificate["Type"],
            "notBefore": certificate["NotBefore"].isoformat() if "NotBefore" in certificate else "",
            "notAfter": certificate["NotAfter"].isoformat() if "NotAfter" in certificate else "",
        }

    def update(self, aws: Aws, id_: str, inputs: Properties, changes: dict[str, Change]) -> None:
        if touched(changes, "tags"):
            acm = aws("acm")
            present = Tags().decode(acm.list_tags_for_certificate(CertificateArn=id_)["Tags"])
            added, removed = tag_changes(present, inputs.get("tags", {}))
            if removed:
                gone = [{"Key": key} for key in removed]
                acm.remove_tags_from_certificate(CertificateArn=id_, Tags=gone)
            if added:
                acm.add_tags_to_certificate(CertificateArn=id_, Tags=Tags().encode(added))

    def delete(self, aws: Aws, id_: str, known: Properties) -> None:
        remove(aws("acm").delete_certificate, CertificateArn=id_)

    def find(self, aws: Aws, inputs: Properties) -> str | None:
        acm = aws("acm")
        for page in acm.get_paginator("list_certificates").paginate():
            for summary in page["CertificateSummaryList"]:
                arn = summary["CertificateArn"]
                tags = Tags().decode(acm.list_tags_for_certificate(CertificateArn=arn)["Tags"])
                if tags.get(IDENTITY_TAG) == inputs[IDENTITY]:
                    return str(arn)
        return None


class CertificateValidation(Resource):
    """No thing of AWS's: it stands for a certificate being issued."""

    token = "aws:acm/certificateValidation:CertificateValidation"
    shape = shape(
        Field("region", replaces=True),
        Field("certificateArn", replaces=True),
        Field("validationRecordFqdns", kind=Many(ordered=False), replaces=True),
    )

    def identity(self, inputs: Properties) -> str | None:
        return str(inputs["certificateArn"])

    def create(self, aws: Aws, inputs: Properties) -> str:
        arn = inputs["certificateArn"]
        certificate = _describe(aws, arn)
        if certificate is None:
            raise ResourceError(f"the certificate {arn} does not exist in {aws.region}")
        needed = {_name(option) for option in map(_validation, certificate["DomainValidationOptions"])}
        given = {fqdn.removesuffix(".").lower() for fqdn in inputs.get("validationRecordFqdns", [])}
        if given and needed - given:
            raise ResourceError(
                f"the certificate {arn} is validated by {', '.join(sorted(needed))}; "
                f"missing in validationRecordFqdns: {', '.join(sorted(needed - given))}"
            )
        wait_until(lambda: _is_issued(aws, arn), f"the certificate {arn} is issued")
        return str(arn)

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        return {"region": aws.region, "certificateArn": id_} if _is_issued(aws, id_) else None

    def delete(self, aws: Aws, id_: str, known: Properties) -> None:
        """The certificate's own deletion ends its validation."""


def _describe(aws: Aws, arn: str) -> Any:
    answer = found(aws("acm").describe_certificate, CertificateArn=arn)
    return None if answer is None else answer["Certificate"]


def _is_issued(aws: Aws, arn: str) -> bool:
    certificate = _describe(aws, arn)
    return certificate is not None and certificate["Status"] == "ISSUED"


def _validation(option: dict[str, Any]) -> dict[str, str]:
    record = option.get("ResourceRecord", {})
    return {
        "domainName": option["DomainName"],
        "resourceRecordName": record.get("Name", ""),
        "resourceRecordType": record.get("Type", ""),
        "resourceRecordValue": record.get("Value", ""),
    }


def _name(validation: dict[str, str]) -> str:
    return validation["resourceRecordName"].removesuffix(".").lower()

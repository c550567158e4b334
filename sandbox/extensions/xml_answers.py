"""Route 53's answers in XML, for operations that the emulator lacks."""

from datetime import datetime
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from botocore.model import ListShape, OperationModel, Shape, StructureShape

_NAMESPACE = "https://route53.amazonaws.com/doc/{}/"


def document(operation: OperationModel, answer: dict[str, Any]) -> bytes:
    """The body that says `answer`, whose parts are named as in botocore's service model."""
    shape = operation.output_shape
    if shape is None:
        raise ValueError(f"{operation.name} answers with nothing")
    root = Element(shape.name, xmlns=_NAMESPACE.format(operation.service_model.api_version))
    _fill(root, shape, answer)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _fill(element: Element, shape: Shape, value: Any) -> None:
    if isinstance(shape, StructureShape):
        for name, part in value.items():
            member = shape.members[name]
            _fill(SubElement(element, member.serialization.get("name", name)), member, part)
    elif isinstance(shape, ListShape):
        for part in value:
            _fill(SubElement(element, shape.member.serialization.get("name", "member")), shape.member, part)
    elif isinstance(value, bool):
        element.text = str(value).lower()
    elif isinstance(value, datetime):
        element.text = value.isoformat()
    else:
        element.text = str(value)

from pathlib import Path

import pulumi
from pulumi import ResourceTransformationArgs

from cli.policies.findings import Location
from cli.policies.registrations import Registrations

KIND = "aws:sqs/queue:Queue"
URN = f"urn:pulumi:prod::antipodes::a:b:C${KIND}::queue"


def registered(at: Registrations, name: str = "queue") -> None:
    """Calls back as the SDK does from within a registration."""
    at._note(ResourceTransformationArgs(None, KIND, name, {}, pulumi.ResourceOptions()))  # type: ignore[arg-type]


def test_a_resource_is_registered_where_the_project_asks_for_it():
    registrations = Registrations(Path(__file__).parent)

    registered(registrations)

    lines = Path(__file__).read_text().splitlines()
    line = next(number for number, text in enumerate(lines, 1) if "at._note(" in text)
    assert registrations.of(URN) == Location("test_registrations.py", line)
    assert registrations.of(f"{URN}-other") is None


def test_what_the_project_does_not_register_itself_is_nowhere_in_it(tmp_path: Path):
    registrations = Registrations(tmp_path)

    registered(registrations)

    assert registrations.of(URN) is None

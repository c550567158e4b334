"""What a resource type has to say for itself; `sandbox.provider.server` does what is common to all."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from botocore.exceptions import ClientError

from sandbox.aws_rules import EnforcedClients
from sandbox.provider.fields import Change, Shape

# The input in which Check keeps a resource's own random text. A create that was cut short can be told by it from
# all others of its kind, where AWS and not the program makes the name.
IDENTITY = "__identity"
# The tag that carries the identity where AWS keeps no token of the caller's. Properties never show it.
IDENTITY_TAG = "sandbox:identity"

GLOBAL_REGION = "us-east-1"
Properties = dict[str, Any]

_NOT_FOUND = {
    "AWS.SimpleQueueService.NonExistentQueue",
    "DashboardNotFoundError",
    "EntityNotFound",
    "NoSuchDistribution",
    "NoSuchEntity",
    "NoSuchFunctionExists",
    "NoSuchHealthCheck",
    "NoSuchHostedZone",
    "NotFound",
    "NotFoundException",
    "ResourceNotFound",
    "ResourceNotFoundException",
}
_WAIT_SECONDS = 120
_POLL_SECONDS = 0.05


class ResourceError(Exception):
    """The resource is not as the program asked, for a reason that AWS did not give as an error."""


@dataclass(frozen=True)
class Aws:
    """Clients for one resource: those of its own region unless it asks for another."""

    clients: EnforcedClients
    region: str

    def __call__(self, service: str, region: str | None = None) -> Any:
        return self.clients(service, region or self.region)


class Resource:
    """A resource type: its table, and how AWS makes, shows, changes and removes it."""

    token: ClassVar[str]
    shape: ClassVar[Shape]
    # The property that Check fills in, as the official provider does, with the logical name and a random suffix.
    auto_name: ClassVar[str | None] = None
    # Whether the resource takes `region`; the others are global.
    regional: ClassVar[bool] = True

    def identity(self, _inputs: Properties) -> str | None:
        """What AWS tells a resource of these inputs by, mostly its id; None where it may have several of them."""
        return None

    def create(self, aws: Aws, inputs: Properties) -> str:
        """Makes the resource, with one call that leaves all or nothing, and returns its id.

        Raises:
            ClientError: AWS refuses, also because such a resource exists already: none is adopted.
        """
        raise NotImplementedError

    def finish(self, aws: Aws, id_: str, inputs: Properties) -> None:
        """What remains to be done after `create`; if it fails the resource is kept, and marked as incomplete."""

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        """What AWS says of the resource, or None when there is none; `known` is what was last known of it."""
        raise NotImplementedError

    def update(self, aws: Aws, id_: str, inputs: Properties, changes: dict[str, Change]) -> None:
        """Brings the resource to `inputs`; `changes` are those since the last time, by path."""
        raise NotImplementedError(f"{self.token} cannot be updated in place")

    def delete(self, aws: Aws, id_: str, known: Properties) -> None:
        """Removes the resource; its absence is success."""
        raise NotImplementedError

    def unsettled(self, _changes: dict[str, Change]) -> tuple[str, ...]:
        """The outputs that an update with these changes gives a new value."""
        return ()

    def find(self, aws: Aws, inputs: Properties) -> str | None:
        """The id of the resource that a create of these inputs made, or None when it made none."""
        id_ = self.identity(inputs)
        return id_ if id_ is not None and self.read(aws, id_, inputs) is not None else None


def absent(error: ClientError) -> bool:
    """Whether AWS says by this error that the thing does not exist."""
    return error.response["Error"]["Code"] in _NOT_FOUND


def found(call: Callable[..., Any], **parameters: Any) -> Any:
    """The answer of a reading call, or None when AWS says that the thing does not exist."""
    try:
        return call(**parameters)
    except ClientError as error:
        if absent(error):
            return None
        raise


def remove(call: Callable[..., Any], **parameters: Any) -> None:
    """Makes a deleting call, for which the absence of the thing is success."""
    found(call, **parameters)


def wait_until(is_so: Callable[[], bool], what: str) -> None:
    """Raises `ResourceError` when `what` has not come true within two minutes."""
    deadline = time.monotonic() + _WAIT_SECONDS
    while not is_so():
        if time.monotonic() > deadline:
            raise ResourceError(f"gave up after {_WAIT_SECONDS} seconds: {what}")
        time.sleep(_POLL_SECONDS)


def touched(changes: dict[str, Change], *names: str) -> bool:
    """Whether one of the changes lies at or below one of these top-level properties."""
    return any(path.startswith(names) and path.split("[")[0].split(".")[0] in names for path in changes)


def tag_changes(old: dict[str, str], new: dict[str, str]) -> tuple[dict[str, str], list[str]]:
    """The tags to set and the keys to remove, so that the old become the new."""
    return (
        {key: value for key, value in new.items() if old.get(key) != value},
        [key for key in old if key not in new and key != IDENTITY_TAG],
    )


def identity_tag(inputs: Properties) -> dict[str, str]:
    """The inputs' tags with the one that tells this resource from all others."""
    return {**inputs.get("tags", {}), IDENTITY_TAG: inputs[IDENTITY]}


def without_identity(tags: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in tags.items() if key != IDENTITY_TAG}

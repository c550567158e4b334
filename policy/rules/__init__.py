"""The rules, one a file. A rule is named after its file, with what it is about before it."""

from pulumi_policy import Policy

from .all_viewer import ALL_VIEWER
from .caching_disabled import CACHING_DISABLED
from .wildcard_certificate import WILDCARD_CERTIFICATE

POLICIES: list[Policy] = [WILDCARD_CERTIFICATE, CACHING_DISABLED, ALL_VIEWER]

"""What the emulator gets wrong inside itself, where no extension ahead of it can help: mended in its process."""

from typing import Any

_FLAGS = ("MeasureLatency", "EnableSNI", "Inverted", "Disabled")
_LISTS = ("ChildHealthChecks", "Regions")


def repair() -> None:
    """Mends the emulator in this process, before it serves."""
    from ministack.services import route53  # noqa: PLC0415 - only the emulator's own process pays for loading it

    parse = route53._parse_health_check_config  # noqa: SLF001 - it has no public name for it

    def parse_health_check_config(element: Any) -> dict[str, Any]:
        """As XML has them: it would keep a list's items as empty texts, and answer True, which is no XML boolean."""
        config: dict[str, Any] = parse(element)
        children = {child.tag.rpartition("}")[2]: child for child in element}
        return (
            config
            | {name: str(config[name]).lower() for name in _FLAGS if name in config}
            | {name: [item.text for item in children[name]] for name in _LISTS if name in children}
        )

    route53._parse_health_check_config = parse_health_check_config  # noqa: SLF001 - likewise

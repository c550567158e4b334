"""What people are told when the engine's CLI fails."""

import re

from cli import stack_file
from cli.engine_settings import Settings


def remedy(settings: Settings, output: str) -> str | None:
    """What was wrong and what mends it, where the output's own words leave people without a remedy."""
    if "currently locked by" in output:
        return "another command is at work on this stack. Wait for it, or stop it; then run this one again."
    if "PULUMI_ACCESS_TOKEN must be set" in output:
        return "you are not logged in to a Pulumi backend. Run `pulumi login`, then this again."
    if re.search("validating stack config: .*(bad value|authentication failed)", output):
        return _undecipherable(settings)
    if "incorrect passphrase" in output:
        return (
            "the passphrase (PULUMI_CONFIG_PASSPHRASE) is not the one of which the line encryptionsalt of "
            f"{settings.stack_file.name} tells. Give the right one, or put that line back as it was."
        )
    return None


def last_words(stderr: str) -> str:
    """The engine's last error, with the line that explains it where it ends in a colon."""
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    for number in reversed(range(len(lines))):
        if lines[number].startswith("error:"):
            told = lines[number : number + 2] if lines[number].endswith(":") else [lines[number]]
            return " ".join(told).removeprefix("error: ")
    return lines[-1] if lines else "the engine ended without a word"


def _undecipherable(settings: Settings) -> str:
    file = settings.stack_file
    lines = stack_file.lines_of_secrets(file.read_text(encoding="utf-8"))
    return (
        f"{file.name}: a value below `secure:` (of line {', '.join(map(str, lines))}) is none that `pulumi config set "
        f"--secret` wrote for this stack. Take its lines out, and set it anew: pulumi config set --stack "
        f"{settings.stack} --secret --path KEY VALUE"
    )

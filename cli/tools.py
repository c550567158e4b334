"""python -m cli.tools: makes sure of the Pulumi CLI, as the Makefile does before it needs one."""

from cli import pulumi_cli
from cli.main import guarded
from cli.output import Console
from cli.project import HERE

if __name__ == "__main__":
    guarded(lambda: pulumi_cli.ensure(HERE, Console(as_json=False)))

import aiohttp.abc


class ThisMachine(aiohttp.abc.AbstractResolver):
    """`.localhost` is this machine; not every resolver knows it."""

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[aiohttp.abc.ResolveResult]:  # noqa: ARG002 - the resolver's interface
        return [{"hostname": host, "host": "127.0.0.1", "port": port, "family": 2, "proto": 0, "flags": 0}]

    async def close(self) -> None:
        pass

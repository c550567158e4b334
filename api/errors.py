"""Errors whose text is meant for clients."""


class InvalidArgumentError(Exception):
    """An argument that the schema lets pass and the API cannot work with."""

"""Faults that are planted in the embedded AWS while it runs: dead regions, lost tables, failing functions and more."""

from sandbox.faults.state import Faults

__all__ = ["Faults"]

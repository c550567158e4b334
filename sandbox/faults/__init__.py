"""Faults that are planted in the embedded AWS while it runs: dead regions, lost tables, failing functions and more."""

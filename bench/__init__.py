"""Measurements: ratios within one run, each against a named baseline. Run them with `make bench`."""

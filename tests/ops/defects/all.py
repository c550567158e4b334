"""Every defect that `verify` is known to find."""

from tests.ops.defects import data, edge, health, names, regions

DEFECTS = (*names.DEFECTS, *edge.DEFECTS, *health.DEFECTS, *regions.DEFECTS, *data.DEFECTS)

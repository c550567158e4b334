"""Route 53's health checkers: they ask endpoints, watch alarms, and say which health checks are healthy."""

from sandbox.health.checkers import HealthCheckers

__all__ = ["HealthCheckers"]

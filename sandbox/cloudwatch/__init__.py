"""CloudWatch as far as the sandbox has it itself: metrics, the states of alarms, and the logs of functions."""

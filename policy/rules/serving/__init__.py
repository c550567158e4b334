"""The pack's server: what the engine asks of a policy pack, answered with one reading of what it sends."""

"""The sample systems, one a module, found by being there: each has `SYSTEM`."""

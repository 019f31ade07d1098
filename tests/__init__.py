"""Tests: they mirror the source; makers are shared."""

"""Detectors of weights formats."""

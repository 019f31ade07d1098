"""Detectors of statements of terms."""

"""Detectors of source code, its settings and what its runs leave behind."""

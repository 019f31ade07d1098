"""Detectors: one format or one kind of evidence, one file. Found by being here."""

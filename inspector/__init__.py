"""Inspect downloaded model bundles offline: what is here, under which terms, and is it the preferred form."""

__version__ = "0.1.0"

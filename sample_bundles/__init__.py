"""Builders of tiny real bundles, and what each one shows."""

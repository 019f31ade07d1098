"""Malicious files, made by builders: every one is reported, and none of them runs. What they would call does no harm: `true`, `pass`."""

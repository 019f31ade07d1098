"""The formats of a report, one file each, found by being there: `--format in-toto` is `in_toto.py` with a `FORMAT` in it."""

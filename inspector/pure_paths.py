"""Paths taken apart once: every crosscheck asks the same of the same paths, and in a store most bundles have files of the same names. Pure."""

from functools import lru_cache
from pathlib import PurePosixPath

MOST = 16_384


@lru_cache(maxsize=MOST)
def pure_path(path: str) -> PurePosixPath:
    """Give a path by its parts."""
    return PurePosixPath(path)


@lru_cache(maxsize=MOST)
def parent_of(path: str) -> str:
    """Give the directory that a path stands in; `.` at the top."""
    return str(PurePosixPath(path).parent)

"""The names in a directory, for whoever looks for bundles before one is opened. No file is opened, and no link to a directory is followed."""

import os
from dataclasses import dataclass
from pathlib import Path

MOST_NAMES = 100_000


@dataclass(frozen=True, slots=True)
class Listing:
    """What stands in a directory, by name and sorted: its directories, its files (also links to files); `whole` says that it could all be read."""

    path: Path
    directories: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    whole: bool = True


def list_directory(path: Path) -> Listing:
    """List a directory, at most 100,000 names."""
    directories: list[str] = []
    files: list[str] = []
    try:
        with os.scandir(path) as entries:
            for place, entry in enumerate(entries):
                if place >= MOST_NAMES:
                    return Listing(path, tuple(sorted(directories)), tuple(sorted(files)), whole=False)
                if entry.is_dir(follow_symlinks=False):
                    directories.append(entry.name)
                elif entry.is_file():
                    files.append(entry.name)
    except OSError:
        return Listing(path, tuple(sorted(directories)), tuple(sorted(files)), whole=False)
    return Listing(path, tuple(sorted(directories)), tuple(sorted(files)))

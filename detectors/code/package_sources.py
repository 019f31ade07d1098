"""Sources of packages: requirements that are fetched from an address, or from another index.

What it sees: requirements files.
What it says: an issue for each line that fetches a package from an address or changes the index, lower for hosts that are well known; for
checks of the connection that are switched off.
What it cannot know: what is at the address now, and whether a name is that of the package that was meant.
Source: pip, "Requirements File Format"; inspector/standards/package-sources.toml.
"""

import re
from collections.abc import Iterator
from functools import cache

import msgspec

from inspector.bundle import File
from inspector.detector import Said, Wants, detector
from inspector.model import Severity, printable
from inspector.sightings import Sightings
from inspector.tables import load_table

LARGEST = 1 << 20
INDEX = re.compile(r"^\s*(?:-i|-f|--index-url|--extra-index-url|--find-links)[ =]\s*(\S+)")
TRUSTED = re.compile(r"^\s*--trusted-host[ =]")
ADDRESS = re.compile(r"(?:^|[\s@+])((?:git|hg|svn|bzr)\+\w+|https?|ftp)://(?:[^@/\s]*@)?([\w.-]+)")
SETTLE = "Look at what is fetched, pin it by a digest, or take the package from an index that you trust."


class Sources(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table: hosts of indexes and of source that are well known."""

    indexes: frozenset[str]
    hosts: frozenset[str]


@cache
def _sources() -> Sources:
    return load_table("package-sources.toml", Sources)


@detector("package-sources", wants=Wants(globs=("requirements*.txt", "*requirements.txt", "constraints*.txt")), formats=())
def package_sources(file: File) -> Iterator[Said]:
    """Read line by line; comments are passed over."""
    if file.size > LARGEST or b"\0" in file.head:
        return
    sightings = Sightings(file)
    for number, line in enumerate(file.whole(LARGEST).decode("utf-8", "replace").splitlines(), 1):
        text, place = line.partition(" #")[0], f"line {number}"
        if text.lstrip().startswith("#"):
            continue
        if TRUSTED.match(text):
            sightings.add("requirements.unchecked-host", Severity.MEDIUM, "the connection to a host is not checked", place)
        elif match := INDEX.match(text):
            host = _host(match[1])
            if host and host not in _sources().indexes:
                message = f"packages are taken from another index: {printable(host[:100])}"
                sightings.add("requirements.other-index", Severity.MEDIUM, message, place)
        elif match := ADDRESS.search(text):
            known = match[2].casefold() in _sources().hosts and match[1] in {"https", "git+https", "git+ssh", "hg+https"}
            message = f"a package is fetched from an address of {printable(match[2][:100])}"
            sightings.add("requirements.from-address", Severity.LOW if known else Severity.MEDIUM, message, place)
    yield from sightings.issues(SETTLE)


def _host(address: str) -> str:
    match = re.match(r"https?://(?:[^@/\s]*@)?([\w.-]+)", address)
    return match[1].casefold() if match else ""

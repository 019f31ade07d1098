"""Names by which a file means another one beside it, or below."""

from pathlib import PurePosixPath

LONGEST = 500


def leads_out(location: str) -> bool:
    """Say whether a name leads out of the directory of the file that has it, or is none."""
    path = PurePosixPath(location)
    unsafe = path.is_absolute() or ".." in path.parts or "\\" in location or ":" in location
    return unsafe or not location or len(location) > LONGEST or not location.isprintable()


def find_beside(path: str, location: str) -> str:
    """Spell the path, from the root, of what the file at a path means by a name."""
    return str(PurePosixPath(path).parent / location)

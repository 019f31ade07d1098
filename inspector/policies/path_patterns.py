"""Patterns of paths as people write them: `*` and `?` stay in one directory, `**` is any number of them; case does not count. Pure."""

import re
from functools import cache


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    parts: list[str] = []
    for piece in re.findall(r"\*\*/|\*\*|\*|\?|[^*?]+", pattern):
        match piece:
            case "**/":
                parts.append("(?:.*/)?")
            case "**":
                parts.append(".*")
            case "*":
                parts.append("[^/]*")
            case "?":
                parts.append("[^/]")
            case _:
                parts.append(re.escape(piece))
    return re.compile("".join(parts), re.DOTALL | re.IGNORECASE)


def matches_path(path: str, pattern: str) -> bool:
    """Say whether a POSIX path below a root matches; a member of an archive (`weights.pt!/data.pkl`) is matched as its archive too."""
    found = _expression(pattern)
    return found.fullmatch(path) is not None or ("!/" in path and found.fullmatch(path.partition("!/")[0]) is not None)

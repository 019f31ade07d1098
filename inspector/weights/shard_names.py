"""Names of the parts of a model: `model-00001-of-00072.safetensors`, with hyphens or underscores."""

import re
from dataclasses import dataclass

PART = re.compile(r"(?P<stem>.*?)(?P<a>[-_.])(?P<number>\d{1,6})(?P<b>[-_])of(?P<c>[-_])(?P<count>\d{1,6})(?P<rest>(?:\D.*)?)")


@dataclass(frozen=True, slots=True, order=True)
class Series:
    """What the names of all parts of one model have in common, and how many parts they announce."""

    before: str
    between: str
    after: str
    width: int
    count: int

    def name(self, number: int) -> str:
        """Write the name of a part."""
        return f"{self.before}{number:0{self.width}d}{self.between}{self.after}"


def read_part(name: str) -> tuple[Series, int] | None:
    """Read a base name as that of a part: its series and its number; `None` for other names."""
    if (match := PART.fullmatch(name)) is None:
        return None
    before, between = match["stem"] + match["a"], f"{match['b']}of{match['c']}{match['count']}"
    return Series(before, between, match["rest"], len(match["number"]), int(match["count"])), int(match["number"])

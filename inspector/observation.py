"""What was noticed in a part of a file, before the place of that part in its file is known."""

import msgspec

from inspector.model import Severity


class Observation(msgspec.Struct, frozen=True):
    """Something that was noticed: the rule, its severity, what it is in words, and where in the part: a line (from 1), or words."""

    rule: str
    severity: Severity
    message: str
    line: int = 1
    place: str = ""

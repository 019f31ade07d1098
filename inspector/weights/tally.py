"""What a weights file says of its tensors while it is read: how many, what they are for, where they end, what broke.

Most formats without a trick end the same way: evidence of what was counted, the issues, and what is missing where the file is cut.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from inspector.bundle import File
from inspector.detector import Found, Said
from inspector.errors import Malformed
from inspector.model import Claim, Component, Severity, Span, Unit
from inspector.sightings import Sightings
from inspector.weights.census import Census
from inspector.weights.role import Role, Votes

TALLY_EMITS = frozenset({
    (Component.PARAMETERS, Claim.PRESENT),
    (Component.PARAMETERS, Claim.MISSING),
    (Component.CHECKPOINTS, Claim.PRESENT),
    (Component.MODEL_METADATA, Claim.PRESENT),
})  # fmt: skip
SETTLE = "Convert the model again, or fetch the file again from its origin and compare digests."


@dataclass(slots=True)
class Tally:
    """A running account of one file in one format; `end` is the byte behind the last one that belongs to something.

    `is_empty_fine` says that a file without tensors is no issue.
    """

    file: File
    format: str
    end: int = 0
    header: int = 0
    fault: Malformed | None = None
    is_empty_fine: bool = False
    keys: list[str] = field(default_factory=list)
    census: Census = field(default_factory=Census)
    votes: Votes = field(default_factory=Votes)
    sightings: Sightings = field(init=False)

    def __post_init__(self) -> None:
        self.sightings = Sightings(self.file)

    def add(self, name: str, dtype: str, shape: tuple[int, ...]) -> None:
        """Count one tensor by its name, dtype and shape."""
        self.census.add(dtype, shape)
        self.votes.add(name)

    def take(self, read: Callable[["Tally"], None]) -> None:
        """Read, and keep what was read before the file breaks its format."""
        try:
            read(self)
        except Malformed as error:
            self.fault = error

    def say(self, role: Role | None = None, settle: str = SETTLE) -> Iterator[Said]:
        """Give the evidence and the issues.

        Raises Malformed for a file that broke, or that ends before its last tensor does.
        """
        file, rule = self.file, self.format.partition(" ")[0].replace(".", "-")
        if self.census.parameters:
            role = role or self.votes.role(file.path, self.format)
            span = Span(0, min(self.header or self.end or file.size, file.size), Unit.BYTES)
            yield Found(role.component, Claim.PRESENT, role.value, span=span, details=self.census.weights(self.format, self.keys))
        elif self.fault is None and not self.is_empty_fine:
            self.sightings.add(f"{rule}.no-tensors", Severity.LOW, "a file of weights without a single tensor element")
        if self.fault is None and self.end < file.size:
            message = f"{file.size - self.end} bytes behind the last tensor belong to none"
            self.sightings.add(f"{rule}.trailing-bytes", Severity.MEDIUM, message, span=(self.end, file.size))
        yield from self.sightings.issues(settle)
        yield from self._say_damage()

    def _say_damage(self) -> Iterator[Said]:
        size = self.file.size
        fault = self.fault
        if fault is None and self.end > size:
            fault = Malformed(f"truncated: its tensors need {self.end} bytes, the file has {size}")
        if fault is not None:
            broken = "truncated" if str(fault).startswith("truncated") else "damaged"
            yield Found(Component.PARAMETERS, Claim.MISSING, broken, span=Span(size, size, Unit.BYTES))
            raise fault

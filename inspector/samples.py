"""The twelve systems of the Open Source Initiative's validation in miniature: built, audited, and held against the Initiative's groups."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from inspector.audit import Attestation, inspect, judge
from inspector.errors import UsageError
from inspector.scoring.sample_answers import Answer
from sample_bundles.build import ATTESTATION, System, all_systems, build, place_roots, twelve_systems

Watch = Callable[[int, int], None]


@contextmanager
def place_samples(top: Path | None) -> Iterator[Path]:
    """Build all sample systems below a directory, which is kept, or below one that is removed at the end.

    Raises UsageError when nothing can be written there.
    """
    if top is None:
        with TemporaryDirectory(prefix="inspector-samples-") as kept, place_samples(Path(kept)) as place:
            yield place
        return
    try:
        for system in all_systems():
            build(system, top)
    except OSError as error:
        raise UsageError(f"{error.filename or top}: it cannot be written: {error.strerror}") from error
    yield top


def audit_samples(top: Path, today: date, watch: Watch = lambda *_: None) -> tuple[Answer, ...]:
    """Audit the twelve systems that were built below a directory; `watch` hears how many are done, and how many there are."""
    systems, answers = twelve_systems(), list[Answer]()
    for system in systems:
        watch(len(answers), len(systems))
        answers.append(audit_sample(system, top, today))
    return tuple(answers)


def audit_sample(system: System, top: Path, today: date) -> Answer:
    """Audit one system that was built below a directory: all of its roots, and the first of them alone."""
    if system.group is None:
        raise UsageError(f"{system.name} is none of the twelve systems")
    first, others = place_roots(system, top)
    inventory = inspect([first], supplements=others, digest=False)
    (read,) = judge(inventory).standards
    attested = Attestation(top / system.name / ATTESTATION, today) if system.attestation else None
    (alone,) = judge(inspect([first], digest=False)).standards
    return Answer(
        system=system.name,
        read=read.grade,
        elements=read.elements,
        attested=judge(inventory, attested=attested).standards[0].grade if attested else None,
        group=system.group,
        alone=alone.grade,
    )

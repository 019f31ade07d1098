"""What there is to say of templates that were found, wherever they are kept: each is read by itself, in a process with bounds."""

from collections.abc import Iterable, Iterator

from inspector.chat_templates.kept import Kept
from inspector.chat_templates.reading import read_template
from inspector.errors import Malformed
from inspector.isolation import run_bounded
from inspector.model import Issue
from inspector.observation import Observation
from inspector.sightings import Sightings


def judge_templates(templates: Iterable[Kept], sightings: Sightings, settle: str) -> Iterator[Issue]:
    """Give the issues of templates, with what settles them.

    Raises Malformed behind them, where a template breaks: the others are read.
    """
    fault = None
    for kept in templates:
        try:
            remarks = run_bounded(read_template, kept.text.encode("utf-8", "replace"), list[Observation])
        except Malformed as error:
            fault = error
            continue
        for seen in remarks:
            span = (kept.span.start, kept.span.end) if kept.span else None
            sightings.add(seen.rule, seen.severity, seen.message, f"{kept.pointer} line {seen.line}".strip(), span)
    yield from sightings.issues(settle)
    if fault is not None:
        raise fault

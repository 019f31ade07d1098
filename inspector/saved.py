"""A report as it is kept: a view of its own, so that the model can change without changing what others parse. Its schema is in docs/schema/."""

from collections import Counter
from collections.abc import Sequence

import msgspec

from inspector.decoding import decode_json
from inspector.errors import UsageError
from inspector.gate import BaselineResult, PolicyResult
from inspector.judgement import ChecklistRow, DataSet, Report, Resolution, StandardResult, Tool
from inspector.model import Count, Evidence, FileRecord, Inventory, Issue, Location, Problem, RootRecord, Weights

SCHEMA = "preferred-form/report/1"


class SystemView(msgspec.Struct, frozen=True):
    """What was inspected: the system's name, its roots, and notes on how they were read."""

    name: str
    roots: tuple[RootRecord, ...]
    notes: tuple[str, ...] = ()


class FileView(msgspec.Struct, frozen=True, omit_defaults=True):
    """A file with its size in bytes; tensors, parameters (elements) and elements by dtype where it, or what is packed in it, holds weights."""

    root: str
    path: str
    size: int
    sha256: str | None = None
    format: str | None = None
    parameters: int | None = None
    tensors: int | None = None
    dtypes: tuple[Count, ...] = ()


class ReportView(msgspec.Struct, frozen=True):
    """A whole report. `because` of findings, terms and the checklist holds indices into `evidence`.

    `policy` and `baseline` are left out where the report was not held against one.
    """

    schema: str
    tool: Tool
    system: SystemView
    standards: tuple[StandardResult, ...]
    terms: tuple[Resolution, ...]
    issues: tuple[Issue, ...]
    problems: tuple[Problem, ...]
    unclaimed: tuple[Location, ...]
    files: tuple[FileView, ...]
    evidence: tuple[Evidence, ...]
    checklist: tuple[ChecklistRow, ...] = ()
    data_sets: tuple[DataSet, ...] = ()
    policy: PolicyResult | msgspec.UnsetType = msgspec.UNSET
    baseline: BaselineResult | msgspec.UnsetType = msgspec.UNSET


def view_report(report: Report) -> ReportView:
    """Arrange a report as others parse it."""
    inventory = report.inventory
    weights = _weights(inventory)
    return ReportView(
        schema=SCHEMA,
        tool=report.tool,
        system=SystemView(inventory.name, inventory.roots, inventory.notes),
        standards=report.standards,
        terms=report.terms,
        issues=inventory.issues,
        problems=inventory.problems,
        unclaimed=inventory.unclaimed,
        files=tuple(_view_file(record, weights.get((record.root, record.path), ())) for record in inventory.files),
        evidence=inventory.evidence,
        checklist=report.checklist,
        data_sets=report.data_sets,
        policy=report.policy or msgspec.UNSET,
        baseline=report.baseline or msgspec.UNSET,
    )


def restore_report(view: ReportView) -> Report:
    """Make the report again that a view was made of: renderers write the same bytes of both."""
    system = view.system
    return Report(
        tool=view.tool,
        inventory=Inventory(
            name=system.name,
            roots=system.roots,
            files=tuple(
                FileRecord(root=file.root, path=file.path, size=file.size, sha256=file.sha256, format=file.format) for file in view.files
            ),
            evidence=view.evidence,
            issues=view.issues,
            problems=view.problems,
            unclaimed=view.unclaimed,
            detectors=view.tool.detectors,
            notes=system.notes,
        ),
        terms=view.terms,
        standards=view.standards,
        checklist=view.checklist,
        data_sets=view.data_sets,
        policy=None if view.policy is msgspec.UNSET else view.policy,
        baseline=None if view.baseline is msgspec.UNSET else view.baseline,
    )


def read_report(data: bytes, name: str) -> ReportView:
    """Read a report that was written as JSON.

    Raises UsageError for what is none, or one of another schema.
    """
    try:
        view = decode_json(data, ReportView)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"{name}: no report of this program: {error}") from error
    if view.schema != SCHEMA:
        raise UsageError(f"{name}: a report of the schema {view.schema!r}, this program reads {SCHEMA!r}")
    return view


def _weights(inventory: Inventory) -> dict[tuple[str, str], list[Weights]]:
    """Gather what weights headers say by file; those of the members of an archive are of the archive."""
    said = {(item.location.root, item.location.path): item.details for item in inventory.evidence if isinstance(item.details, Weights)}
    found: dict[tuple[str, str], list[Weights]] = {}
    for (root, path), details in said.items():
        found.setdefault((root, path.partition("!/")[0]), []).append(details)
    return found


def _view_file(record: FileRecord, weights: Sequence[Weights]) -> FileView:
    dtypes = Counter[str]()
    for item in weights:
        dtypes.update({count.name: count.number for count in item.dtypes})
    known = [item.parameters for item in weights if item.parameters is not None]
    return FileView(
        root=record.root,
        path=record.path,
        size=record.size,
        sha256=record.sha256,
        format=record.format,
        parameters=sum(known) if known else None,
        tensors=sum(item.tensors for item in weights) if weights else None,
        dtypes=tuple(Count(name, number) for name, number in dtypes.items()),
    )

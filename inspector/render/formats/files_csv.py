"""All files as a table: sizes, digests, formats, what they are of the system, parameters, and the terms that stand in them."""

from collections.abc import Iterable

from inspector.judgement import Report
from inspector.model import Location
from inspector.render.addresses import FileIndex
from inspector.render.cells import write_table
from inspector.render.contract import Page, ReportFormat
from inspector.render.materials import parts_of_files, stated_in_files
from inspector.saved import view_report

HEAD = ("root", "path", "size", "sha256", "format", "components", "tensors", "parameters", "dtypes", "terms stated", "issues", "problems")


def render(report: Report, _: Page) -> str:
    """Write the table of files, in the order of roots and paths."""
    index = FileIndex(report.inventory.files)
    parts, stated = parts_of_files(report, index), stated_in_files(report, index)
    issues = _count(index, (item.locations for item in report.inventory.issues))
    problems = _count(index, ((item.location,) for item in report.inventory.problems))
    rows = []
    for item in view_report(report).files:
        key = (item.root, item.path)
        components = " ".join(parts.get(key, ()))
        dtypes = " ".join(f"{count.name}:{count.number}" for count in item.dtypes)
        terms = " | ".join(found.expression for found in stated.get(key, ()))
        weights = (item.tensors, item.parameters, dtypes)
        rows.append((*key, item.size, item.sha256, item.format, components, *weights, terms, issues.get(key, 0), problems.get(key, 0)))
    return write_table(HEAD, rows)


def _count(index: FileIndex, found: Iterable[tuple[Location, ...]]) -> dict[tuple[str, str], int]:
    """Count in each file what has a place in it, each thing once."""
    counts: dict[tuple[str, str], int] = {}
    for places in found:
        for key in {(record.root, record.path) for place in places if (record := index.find(place))}:
            counts[key] = counts.get(key, 0) + 1
    return counts


FORMAT = ReportFormat("files.csv", "all files with digests, for a spreadsheet", render)

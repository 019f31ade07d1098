"""A report that was kept, as a record of the files it was written of: it did not travel with the bundle, so that it proves more."""

from collections.abc import Iterator

from inspector.bundle import Survey, is_record
from inspector.model import Location
from inspector.saved import ReportView
from inspector.verification.integrity import Complete, Expected, Ledger, Said, Strength, Trust, join_path
from inspector.verification.record_reading import refuse_path

ID = "earlier-report"


def make_ledger(report: ReportView, number: int) -> Ledger:
    """Make a ledger of what a report says of its root of this number, counted from 0."""
    name = report.system.roots[number].name

    def read(survey: Survey, _: Trust) -> Iterator[Said]:
        root, listed = survey.root.record.name, {file.path for file in report.files if file.root == name}
        yield Complete(ledger=ID, record=Location(root=root, path=".", pointer="/files"), except_for=_other_names(survey, listed))
        for place, file in enumerate(report.files):
            if file.root != name or is_record(file.path):
                continue
            record = Location(root=root, path=".", pointer=f"/files/{place}")
            path = join_path("", file.path)
            if path is None:
                yield refuse_path(record, file.path)
            else:
                algorithm = "sha256" if file.sha256 else ""
                yield Expected(path=path, ledger=ID, record=record, algorithm=algorithm, digest=file.sha256 or "", size=file.size)

    proves = f"the files are those that inspector {report.tool.version} read when the report was written"
    return Ledger(ID, "report that was kept", proves, Strength.GIVEN, read)


def _other_names(survey: Survey, listed: set[str]) -> tuple[str, ...]:
    """Give the paths that a report leaves out of what it was written of: links to directories, and second names of a file that it lists."""
    files = {entry.real for path, entry in survey.entries.items() if path in listed}
    second = (path for path, entry in survey.entries.items() if path in survey.links and path not in listed and entry.real in files)
    return (*second, *(path for path in survey.links if path not in survey.entries))

"""Names that pretend: a suffix of data before one that a system runs, characters that do not show, letters that look like others.

What it sees: the paths of all files.
What it says: an issue for each such name.
What it cannot know: whether somebody meant it.
Source: inspector/standards/placed-files.toml; CVE-2021-42574 on characters that turn the direction of text; Unicode Technical Standard 39.
"""

from collections.abc import Iterator

from inspector.detector import Found, Gathered, crosscheck
from inspector.hazards.placed_files import hides, imitates, pretends
from inspector.model import Issue, Location, Severity

MOST = 50
SETTLE = "Look at the whole name, and rename or remove the file."


@crosscheck("pretending-names")
def pretending_names(gathered: Gathered) -> Iterator[Found | Issue]:
    """Look at every path."""
    double = [Location(root=item.root, path=item.path) for item in gathered.files if pretends(item.path)]
    if double:
        message = "a name with the suffix of data or a document before one that a system runs"
        yield Issue(rule="files.double-suffix", severity=Severity.HIGH, message=message, locations=tuple(double[:MOST]), settle=SETTLE)
    for severity in (Severity.HIGH, Severity.MEDIUM):
        hidden = [Location(root=item.root, path=item.path) for item in gathered.files if hides(item.path) is severity]
        if hidden:
            message = "a name with characters that do not show" + (" and turn the rest of it" if severity is Severity.HIGH else "")
            yield Issue(rule="files.hidden-name", severity=severity, message=message, locations=tuple(hidden[:MOST]), settle=SETTLE)
    imitated = [Location(root=item.root, path=item.path) for item in gathered.files if imitates(item.path)]
    if imitated:
        message = "a name in which letters of another script stand among Latin ones that they look like"
        yield Issue(rule="files.imitated-name", severity=Severity.MEDIUM, message=message, locations=tuple(imitated[:MOST]), settle=SETTLE)

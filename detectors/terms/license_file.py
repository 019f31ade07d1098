"""Licence files: texts whose name says that they hold terms.

What it sees: LICENSE, LICENCE, COPYING, UNLICENSE, NOTICE and use-policy files of any spelling and at any depth, also
`MODEL_LICENSE` or `LICENSE-CODE`; agreements and terms of use; texts in a directory `licenses`; `FILE.license` beside a file.
What it says: there is a statement of terms for this directory and what lies below it; which one, ScanCode tells. A name that holds a component
(`LICENSE-MODEL`) limits the statement to it. A use policy restricts and a notice credits; neither grants anything.
What it cannot know: whether whoever put the file there had the right to grant these terms.
Source: REUSE specification 3.3 and the licence file names of GitHub's licensee; the model hubs' use-policy files.
"""

import re
from collections.abc import Iterator

from inspector.bundle import File
from inspector.detector import Format, Found, Gathered, Passage, Said, Wants, crosscheck, detector
from inspector.documents.document import parse_document
from inspector.errors import TooLarge
from inspector.licensing.headers import read_tags
from inspector.licensing.license_files import GLOBS, SIDECAR, TEXTS, component_of, is_text, promises_terms, source_of
from inspector.licensing.restrictions import read_restrictions
from inspector.model import Certainty, Claim, Component, Issue, Location, Scope, Severity, Source, Terms

OWN_NOTICE = re.compile(r"notice(\.(txt|md))?$", re.IGNORECASE)
LIMIT = 4 * 2**20
FORMATS = {Source.TEXT: "license-text", Source.POLICY: "use-policy", Source.NOTICE: "notice"}
EMITS = frozenset(
    (component, Claim.LICENSED) for component in (Component.UNSPECIFIED, Component.PARAMETERS, Component.DATASETS, Component.SUPPORTING)
)
UNKNOWN = "LicenseRef-unknown"


@detector("license-file", wants=Wants(globs=GLOBS, suffixes=tuple(sorted(TEXTS - {""}))), formats=tuple(FORMATS.values()), emits=EMITS)
def license_file(file: File) -> Iterator[Said]:
    """Hand the whole text over for recognition."""
    if not promises_terms(file.path) or not is_text(file.path):
        return
    if b"\0" in file.head and not file.head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return
    if file.size > LIMIT:
        raise TooLarge(f"{file.size} bytes is too long for a licence text, the limit is {LIMIT}")
    source = source_of(file.path)
    if file.suffix == SIDECAR:
        yield Format(FORMATS[Source.TEXT])
        yield from read_tags(file.lines, SIDECAR)
    elif file.text.strip():
        yield Format(FORMATS[source])
        yield Passage(file.text, component_of(file.path), Scope.TREE, source, whole=source is not Source.NOTICE)
        if source is Source.NOTICE and OWN_NOTICE.match(file.name):
            yield from read_restrictions(parse_document(file.text, markdown=False))


@crosscheck("unread-terms", emits=EMITS)
def unread_terms(gathered: Gathered) -> Iterator[Found | Issue]:
    """Take what a file that is named like a licence says for unknown terms where it could not be read: empty, no text, a pointer, a link out."""
    read = {(item.location.root, item.location.path) for item in gathered.evidence if item.claim is Claim.LICENSED}
    sizes = {(record.root, record.path): record.size for record in gathered.files}
    places = dict.fromkeys([*sizes, *((problem.location.root, problem.location.path) for problem in gathered.problems)])
    for root, path in sorted(places):
        if (root, path) in read or source_of(path) is Source.NOTICE or not promises_terms(path):
            continue
        place, empty = Location(root=root, path=path), sizes.get((root, path)) == 0
        scope, source = Scope.FILE if path.endswith(SIDECAR) else Scope.TREE, source_of(path)
        terms = Terms(expression=UNKNOWN, scope=scope, source=source, rule=path.rpartition("/")[2])
        yield Found(component_of(path), Claim.LICENSED, UNKNOWN, Certainty.NAMED, details=terms, at=place)
        yield Issue(
            rule="terms.empty-license" if empty else "terms.unread-license",
            severity=Severity.LOW if empty else Severity.MEDIUM,
            message="a file named like a licence is empty"
            if empty
            else "a file named like a licence could not be read: its terms are unknown",
            locations=(place,),
            settle="Put the licence text there as plain text, or remove the file.",
        )

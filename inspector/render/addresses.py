"""Names of files as addresses: percent-encoded paths, files and the members in them, and ids that depend on nothing but content.

Source: RFC 3986, 2.1 and 3.3 (path segments); RFC 9562, 5.5 (UUIDv5).
"""

import re
from hashlib import sha256
from uuid import UUID, uuid5

from inspector.judgement import Report
from inspector.model import FileRecord, Location

PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/!$'()*+,=@")
REST = PLAIN | frozenset(b"?&#%:;")
ADDRESS = re.compile(r"(https?://[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?(?::[0-9]{1,5})?)((?:[/?#].*)?)", re.DOTALL)
NAMESPACE = UUID("6f1cf3ab-0d0e-5a6d-9a9c-0e8a7f2d4b11")
MEMBER = "!/"


class FileIndex:
    """The files of a report, by the places that name them or something in them."""

    def __init__(self, files: tuple[FileRecord, ...]) -> None:
        self._files = {(record.root, record.path): record for record in files}

    def find(self, place: Location) -> FileRecord | None:
        """Give the file that a place is in; None for a place that is a root or a directory."""
        return self._files.get((place.root, self.split(place)[0]))

    def split(self, place: Location) -> tuple[str, str]:
        """Split a path into the file and the member of it: `weights.pt` and `data.pkl`. A directory's name may end with `!` too."""
        at = len(place.path)
        while at >= 0:
            if (place.root, place.path[:at]) in self._files:
                return place.path[:at], place.path[at + len(MEMBER) :]
            at = place.path.rfind(MEMBER, 0, at)
        return place.path, ""


def encode_path(path: str) -> str:
    """Write a POSIX path as a relative reference: nothing in it is read as a scheme, a query, a fragment or a step upwards."""
    segments = [_encode(segment) for segment in path.split("/") if segment not in {"", "."}]
    return "/".join("%2E%2E" if segment == ".." else segment for segment in segments)


def web_address(text: str) -> str:
    """Give an address of the web in plain characters; empty for any other scheme, a user's name in it, or a host of other characters."""
    found = ADDRESS.fullmatch(text.strip())
    return f"{found[1].lower()}{_encode(found[2], REST)}" if found else ""


def _encode(text: str, plain: frozenset[int] = PLAIN) -> str:
    return "".join(chr(byte) if byte in plain else f"%{byte:02X}" for byte in text.encode("utf-8", "surrogatepass"))


def digest_of(*parts: str) -> str:
    """Give a SHA-256 over texts, each with its length before it, so that no two lists give the same bytes."""
    found = sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        found.update(len(data).to_bytes(8, "big") + data)
    return found.hexdigest()


def report_id(report: Report, kind: str) -> str:
    """Give a UUID that is the same for the same content: the program's version, names, sizes and digests of all files, and every answer."""
    files = (f"{item.root}/{item.path} {item.size} {item.sha256 or ''}" for item in report.inventory.files)
    answers = (f"{item.id} {finding.requirement} {finding.verdict}" for item in report.standards for finding in item.findings)
    terms = (f"{item.component} {item.root} {item.expression} {item.bucket} {item.conflict}" for item in report.terms)
    issues = (f"{item.rule} {item.severity} {item.message}" for item in report.inventory.issues)
    return str(uuid5(NAMESPACE, digest_of(kind, report.tool.version, report.inventory.name, *files, *answers, *terms, *issues)))

"""Secrets: credentials that were left in settings, code and documents.

What it sees: text files of up to 2 MiB by their suffixes, vocabularies left out.
What it says: an issue for each kind of credential whose exact shape stands there, with four characters of its start and two of its end; lower
where tests, examples or documentation make such things up.
What it cannot know: whether the credential is still valid; nobody is asked. Credentials without a shape of their own are not found.
Source: inspector/standards/secrets.toml.
"""

from collections.abc import Iterator

from inspector.bundle import File
from inspector.detector import Said, Wants, detector
from inspector.hazards.secrets import find_secrets, is_made_up
from inspector.model import Severity
from inspector.sightings import Sightings

SUFFIXES = (
    *(
        ".py",
        ".ipynb",
        ".sh",
        ".bash",
        ".js",
        ".ts",
        ".go",
        ".rs",
        ".java",
        ".c",
        ".cc",
        ".cpp",
        ".h",
        ".rb",
        ".pl",
        ".lua",
        ".r",
        ".jl",
        ".scala",
    ),
    *(
        ".json",
        ".yaml",
        ".yml",
        ".toml",
        ".ini",
        ".cfg",
        ".conf",
        ".env",
        ".properties",
        ".gin",
        ".xml",
        ".txt",
        ".md",
        ".rst",
        ".log",
        ".csv",
    ),
    *(".pem", ".key", ".jinja", ".html", ".tf", ".dockerfile"),
)
NAMES = (
    ".env",
    ".netrc",
    ".npmrc",
    ".pypirc",
    ".git-credentials",
    "dockerfile",
    "kaggle.json",
    "credentials",
    "token",
    "id_rsa",
    "id_ed25519",
)
VOCABULARIES = frozenset({"tokenizer.json", "vocab.json", "vocab.txt", "merges.txt", "added_tokens.json", "tekken.json"})
LARGEST = 2 * 2**20
SETTLE = "Revoke the credential at its issuer, and remove it from the file and from the history."


@detector("secrets", wants=Wants(names=NAMES, suffixes=SUFFIXES), formats=())
def secrets(file: File) -> Iterator[Said]:
    """Look for exact shapes."""
    if file.size > LARGEST or file.name.casefold() in VOCABULARIES or b"\0" in file.head:
        return
    sightings = Sightings(file)
    for found in find_secrets(file.whole(LARGEST).decode("utf-8", "replace")):
        severity = Severity.LOW if is_made_up(file.path) else Severity.MEDIUM
        sightings.add("secrets.credential", severity, f"{found.name} stands in the file ({found.shown})", f"line {found.line}")
    yield from sightings.issues(SETTLE)

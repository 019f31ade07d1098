"""Licence files: texts whose name says that they hold terms.

What it sees: LICENSE, LICENCE, COPYING, UNLICENSE, NOTICE and use-policy files of any spelling and at any depth, also
`MODEL_LICENSE` or `LICENSE-CODE`; agreements and terms of use.
What it says: there is a statement of terms for this directory and what lies below it; which one, ScanCode tells. A name that holds a component
(`LICENSE-MODEL`) limits the statement to it. A use policy restricts and a notice credits; neither grants anything.
What it cannot know: whether whoever put the file there had the right to grant these terms.
Source: REUSE specification 3.3 and the licence file names of GitHub's licensee; the model hubs' use-policy files.
"""

import re
from collections.abc import Iterator

from inspector.bundle import File
from inspector.detector import Format, Passage, Said, Wants, detector
from inspector.errors import TooLarge
from inspector.model import Claim, Component, Issue, Location, Scope, Severity, Source

LIMIT = 4 * 2**20
TEXTS = frozenset({"", ".txt", ".md", ".rst", ".markdown", ".text", ".html"})
CONTRIBUTORS = re.compile(r"contribut|\bcla\b|\bicla\b|\bccla\b|header", re.I)
POLICY = re.compile(r"\baup\b|use[-_ ]?policy|acceptable[-_ ]?use|prohibited[-_ ]?use|use[-_ ]?restrictions|usage[-_ ]?policy", re.I)
NOTICE = re.compile(r"notice|third[-_ ]?party|acknowledge?ments?", re.I)
PARTS = (
    (re.compile(r"model|weight|checkpoint|param", re.I), Component.PARAMETERS),
    (re.compile(r"data", re.I), Component.DATASETS),
)


@detector(
    "license-file",
    wants=Wants(
        globs=(
            "license*",
            "licence*",
            "*license",
            "*licence",
            "*license.txt",
            "*licence.txt",
            "*license.md",
            "*licence.md",
            "copying*",
            "copyright",
            "copyright.txt",
            "unlicense*",
            "notice*",
            "*use_policy*",
            "*use-policy*",
            "acceptable*use*",
            "prohibited*use*",
            "*usage_policy*",
            "third*party*notice*",
            "*licen[cs]e*agreement*",
            "*terms*of*use*",
            "*terms*of*service*",
            "*terms*and*conditions*",
            "*eula*",
            "aup",
            "aup.*",
        )
    ),
    formats=("license-text", "use-policy", "notice"),
    emits={(component, Claim.LICENSED) for component in (Component.UNSPECIFIED, Component.PARAMETERS, Component.DATASETS)},
)
def license_file(file: File) -> Iterator[Said]:
    """Hand the whole text over for recognition."""
    suffix = "" if re.fullmatch(r"\.[\d-]+.*", file.suffix) or "." not in file.name.strip(".") else file.suffix
    if suffix not in TEXTS and not re.fullmatch(
        r"\.(apache|mit|bsd|gpl|lgpl|agpl|mpl|lesser|lib|model|weights?|data|code|docs?)[\w.-]*", suffix
    ):
        return
    if CONTRIBUTORS.search(file.name):
        return
    if b"\0" in file.head and not file.head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return
    if file.size > LIMIT:
        raise TooLarge(f"{file.size} bytes is too long for a licence text, the limit is {LIMIT}")
    text = file.text
    source = _source(file.name)
    if not text.strip():
        yield Format("license-text")
        yield Issue(
            rule="terms.empty-license",
            severity=Severity.LOW,
            message="a file named like a licence is empty",
            locations=(Location(root=file.root.name, path=file.path),),
            settle="Put the licence text into it, or remove it.",
        )
        return
    yield Format({Source.TEXT: "license-text", Source.POLICY: "use-policy", Source.NOTICE: "notice"}[source])
    yield Passage(text, _component(file.name), Scope.TREE, source, whole=source is not Source.NOTICE)


def _source(name: str) -> Source:
    if POLICY.search(name):
        return Source.POLICY
    return Source.NOTICE if NOTICE.search(name) else Source.TEXT


def _component(name: str) -> Component:
    return next((component for pattern, component in PARTS if pattern.search(name)), Component.UNSPECIFIED)

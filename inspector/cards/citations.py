"""Papers that a project asks to be cited: in CITATION.cff, in BibTeX, or in a sentence; their titles and where they can be found."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from inspector.serialization.yaml_values import ELEMENT, read_yaml_values

MAX_ENTRIES = 50
MAX_FIELDS = 40
LONGEST_ENTRY = 20_000
LONGEST_FIELD = 2_000
ARXIV = re.compile(r"\barxiv(?:\.org/(?:abs|pdf|html)/|[:.\s]\s?|\})(?:arxiv:)?(?P<id>\d{4}\.\d{4,5}|[a-z-]{2,20}/\d{7})\b", re.I)
DOI = re.compile(r"\b(?P<id>10\.\d{4,9}/[^\s\"'<>{},;]{1,200})")
ENTRY = re.compile(r"^[ \t]{0,20}@(?P<kind>[A-Za-z]{3,20})[ \t]{0,5}\{[ \t]{0,5}(?P<key>[^\s,{}=]{1,200}),", re.M)
FIELD = re.compile(r"\b(?P<name>title|doi|eprint|url|journal|note|archiveprefix|howpublished)[ \t\n]{0,5}=[ \t\n]{0,5}", re.I)
BRACES = re.compile(r"[{}\\]")
PAPERS = frozenset(
    {"article", "inproceedings", "conference", "misc", "techreport", "phdthesis", "mastersthesis", "unpublished", "preprint"}
)
CFF_PAPERS = frozenset({"article", "conference-paper", "conference", "report", "thesis", "manual", "unpublished", "proceedings", "generic"})
NO_PAPER = re.compile(r"zenodo", re.I)


@dataclass(frozen=True, slots=True)
class Citation:
    """A paper: its title, `arXiv:ID`, `doi:ID` or nothing, the line it stands at, and the keys that lead to it."""

    title: str
    target: str
    line: int
    pointer: str = ""

    @property
    def name(self) -> str:
        """What it can be found by."""
        return self.target or self.title


def find_target(text: str) -> str:
    """Find an arXiv id, else a DOI that is no deposit of software, in a text; nothing without one."""
    if match := ARXIV.search(text):
        return f"arXiv:{match['id']}"
    match = next((match for match in DOI.finditer(text) if not NO_PAPER.search(match["id"])), None)
    if match is None:
        return ""
    doi = match["id"].rstrip(".,;)")
    return f"arXiv:{doi.rpartition('arXiv.')[2]}" if "/arXiv." in doi else f"doi:{doi}"


def read_cff(text: str) -> Iterator[Citation]:
    """Give the paper that CITATION.cff prefers to be cited; the software itself is none.

    Raises Malformed where it is no YAML. Source: the Citation File Format, 1.2.0.
    """
    groups: dict[str, list[tuple[str, str, int]]] = {}
    kind = ""
    for value in read_yaml_values(text):
        if value.path == ("type",):
            kind = value.text.casefold()
        if value.path[:1] == ("preferred-citation",) and len(value.path) > 1:
            groups.setdefault("preferred-citation", []).append((value.path[1], value.text, value.line))
        elif len(value.path) == 1 or value.path[:1] == ("identifiers",):
            groups.setdefault("", []).append((value.path[0] if value.path[-1] != ELEMENT else "", value.text, value.line))
    if kind not in CFF_PAPERS:
        groups.pop("", None)
    for place, items in groups.items():
        titles = [(text, line) for key, text, line in items if key == "title"]
        if titles and (not place or any(key == "type" and text.casefold() in CFF_PAPERS for key, text, _ in items)):
            yield Citation(
                titles[0][0], find_target(" ".join(text for key, text, _ in items if key != "title")), titles[0][1], f"/{place or 'title'}"
            )


def read_bibtex(text: str) -> Iterator[Citation]:
    """Give the papers of a BibTeX file, at most 50; entries of other kinds, and such without a title, are passed over."""
    for count, match in enumerate(ENTRY.finditer(text)):
        if count >= MAX_ENTRIES:
            return
        if match["kind"].casefold() not in PAPERS:
            continue
        body = text[match.end() : _close(text, match.end())]
        fields = {field["name"].casefold(): _value(body, field.end()) for field in islice(FIELD.finditer(body), MAX_FIELDS)}
        if title := fields.pop("title", ""):
            eprint = fields.get("eprint", "")
            target = f"arXiv:{eprint}" if re.fullmatch(r"\d{4}\.\d{4,5}", eprint) else find_target(" ".join(fields.values()))
            yield Citation(title, target, text.count("\n", 0, match.start()) + 1, f"/{match['key']}")


def count_entries(text: str) -> int:
    """Count the entries of a BibTeX file."""
    return sum(1 for _ in ENTRY.finditer(text))


def _close(text: str, start: int) -> int:
    """Find the brace that ends an entry, at most 20,000 characters on."""
    depth, end = 1, min(len(text), start + LONGEST_ENTRY)
    for match in BRACES.finditer(text, start, end):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if not depth:
            return match.start()
    return end


def _value(body: str, start: int) -> str:
    """Read a field's value: in braces, in quotation marks, or bare."""
    mark = body[start : start + 1]
    if mark == "{":
        raw = body[start + 1 : min(_close(body, start + 1), start + LONGEST_FIELD)]
    else:
        raw = body[start + 1 :].partition('"')[0] if mark == '"' else body[start:].partition(",")[0]
    return " ".join(raw[:LONGEST_FIELD].replace("{", "").replace("}", "").split())

"""Terms that front matter declares: `license` and its other spellings at any depth, a map or a list of them, tags such as `license:mit`, limits."""

import re
from collections.abc import Iterator

from inspector.detector import Declared
from inspector.documents.front_matter import FrontMatter, Leaf
from inspector.licensing.restrictions import restrict_text
from inspector.model import Component, Scope, Source, Span

KEYS = frozenset({"license", "licence", "licenses", "licences"})
LINKS = frozenset({"link", "url", "href", "file"})
TAG = "license:"
# Keys for a licence of the model beside the usual one, and below which keys are about something else.
OTHER_KEYS = re.compile(
    r"(models?|weights?|checkpoints?|parameters)[_-]?licen[cs]es?|licen[cs]es?|lizenz|licencia|licenza|许可证?|ライセンス", re.IGNORECASE
)
ELSEWHERE = frozenset({"model-index", "datasets", "dataset_info", "widget", "source_datasets", "configs", "base_model", "metrics"})
LIMITS = re.compile(
    r"licen[cs]e[_-]?(type|details?|notes?|terms|restrictions?)|usage.*|.*restrict.*|.*terms.*|.*commercial.*|(intended|permitted|allowed)[_-]?uses?|"
    r".*use[_-]?polic.*|disclaimer|notice",
    re.IGNORECASE,
)
LIMITING_TAG = re.compile(
    r"non[-_ ]?commercial([-_ ](use|only))*|research[-_ ](use[-_ ])?only|no[-_ ]commercial[-_ ]use|cc-by-n[cd][\w.-]*", re.IGNORECASE
)
POLICY = re.compile(r".*(terms|use[_-]?polic).*", re.IGNORECASE)
DENIED = frozenset({"false", "no", "none", "prohibited", "forbidden", "never", "not allowed", "not permitted", "restricted"})
STATED = "front-matter-limit"


def declare_front_terms(block: FrontMatter, subject: Component) -> Iterator[Declared]:
    """Give every licence id that a block declares for what the card describes, with the name and the link beside it, and what limits its use."""
    name, link = _first(block, "license_name", "licence_name"), _first(block, "license_link", "licence_link", "license_url")
    for leaf in block.leaves:
        key, inner = leaf.key.casefold(), leaf.pointer.rpartition("/")[2].casefold()
        if key in KEYS and leaf.text and (inner not in LINKS or inner == key):
            yield _declare(leaf, leaf.text, subject, name, link or _beside(block, leaf))
        elif key == "tags" and leaf.text.casefold().startswith(TAG):
            yield _declare(leaf, leaf.text[len(TAG) :], subject, None, None)
        elif key not in ELSEWHERE and leaf.text and OTHER_KEYS.fullmatch(inner):
            yield _declare(leaf, leaf.text, subject, None, None)
        elif key not in ELSEWHERE and leaf.text:
            yield from _limits(leaf, key, subject)


def _limits(leaf: Leaf, key: str, subject: Component) -> Iterator[Declared]:
    """Give what a tag or a key such as `commercial_use` or `terms_of_use` takes away; a link to terms is terms that nobody can read here."""
    span, shown = Span(leaf.line, leaf.line), f"{key}: {leaf.text}"[:200]
    denied = "commercial" in key and leaf.text.casefold() in DENIED
    linked = POLICY.fullmatch(key) and "://" in leaf.text
    limiting = key == "tags" and LIMITING_TAG.fullmatch(leaf.text)
    if denied or linked or limiting:
        yield Declared(STATED, subject, Scope.TREE, source=Source.POLICY, span=span, pointer=leaf.pointer, excerpt=shown)
    elif LIMITS.fullmatch(key):
        text = f"{leaf.text} use only" if LIMITING_TAG.fullmatch(leaf.text) else leaf.text
        yield from restrict_text(text, Scope.TREE, first_line=leaf.line, pointer=leaf.pointer)


def _declare(leaf: Leaf, text: str, subject: Component, name: str | None, link: str | None) -> Declared:
    return Declared(text, subject, Scope.ROOT, name=name, link=link, span=Span(leaf.line, leaf.line), pointer=leaf.pointer)


def _first(block: FrontMatter, *keys: str) -> str | None:
    return next((leaf.text for leaf in block.leaves if leaf.key.casefold() in keys and leaf.text), None)


def _beside(block: FrontMatter, leaf: Leaf) -> str | None:
    """Find the link in the same map: `license: {name: X, link: Y}`."""
    above = leaf.pointer.rpartition("/")[0]
    inside = (other for other in block.leaves if other.pointer.rpartition("/")[0] == above and above != "")
    return next((other.text for other in inside if other.pointer.rpartition("/")[2].casefold() in LINKS), None)

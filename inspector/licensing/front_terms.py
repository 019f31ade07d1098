"""Terms that front matter declares: `license`, its other spellings, a map or a list of them, and tags such as `license:mit`."""

from collections.abc import Iterator

from inspector.detector import Declared
from inspector.documents.front_matter import FrontMatter, Leaf
from inspector.model import Component, Scope, Span

KEYS = frozenset({"license", "licence", "licenses", "licences"})
LINKS = frozenset({"link", "url", "href", "file"})
TAG = "license:"


def declare_front_terms(block: FrontMatter, subject: Component) -> Iterator[Declared]:
    """Give every licence id that a block declares for what the card describes, with the name and the link beside it."""
    name, link = _first(block, "license_name", "licence_name"), _first(block, "license_link", "licence_link", "license_url")
    for leaf in block.leaves:
        key, inner = leaf.key.casefold(), leaf.pointer.rpartition("/")[2].casefold()
        if key in KEYS and leaf.text and (inner not in LINKS or inner == key):
            yield _declare(leaf, leaf.text, subject, name, link or _beside(block, leaf))
        elif key == "tags" and leaf.text.casefold().startswith(TAG):
            yield _declare(leaf, leaf.text[len(TAG) :], subject, None, None)


def _declare(leaf: Leaf, text: str, subject: Component, name: str | None, link: str | None) -> Declared:
    return Declared(text, subject, Scope.ROOT, name=name, link=link, span=Span(leaf.line, leaf.line), pointer=leaf.pointer)


def _first(block: FrontMatter, *keys: str) -> str | None:
    return next((leaf.text for leaf in block.leaves if leaf.key.casefold() in keys and leaf.text), None)


def _beside(block: FrontMatter, leaf: Leaf) -> str | None:
    """Find the link in the same map: `license: {name: X, link: Y}`."""
    above = leaf.pointer.rpartition("/")[0]
    inside = (other for other in block.leaves if other.pointer.rpartition("/")[0] == above and above != "")
    return next((other.text for other in inside if other.pointer.rpartition("/")[2].casefold() in LINKS), None)

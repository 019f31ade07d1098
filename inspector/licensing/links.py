"""What a declared id comes to once its link is followed: `license_link: LICENSE`, or an address that nobody can read offline. Pure."""

import re
from functools import cached_property
from pathlib import PurePosixPath

from inspector.licensing.expressions import join_expressions
from inspector.licensing.licenses import Licenses
from inspector.licensing.mentions import HUB
from inspector.licensing.statements import UNKNOWN
from inspector.model import Claim, Evidence, Inventory, Source, Terms

FILE_NAME = re.compile(r"[\w./ -]*(licen[cs]e|copying)[\w./ -]*", re.IGNORECASE)
USUAL = re.compile(r"(licen[cs]e|copying)([._-]?(apache|mit|bsd|[\d.]+))*(\.(txt|md|rst|html?))?", re.IGNORECASE)
LINKED = "LicenseRef-linked-elsewhere"


class Links:
    """The licence files of an inventory by their places, and what declared ids point at."""

    def __init__(self, inventory: Inventory, licenses: Licenses) -> None:
        self._inventory = inventory
        self._licenses = licenses

    @cached_property
    def _texts(self) -> dict[tuple[str, str], str]:
        texts: dict[tuple[str, str], str] = {}
        for item in self._inventory.evidence:
            if item.claim is Claim.LICENSED and isinstance(item.details, Terms) and item.details.source is Source.TEXT:
                texts[(item.location.root, item.location.path)] = item.value
        return texts

    def follow(self, item: Evidence, terms: Terms) -> str:
        """Give the expression of a statement: of an id that only points, what it points at; of any other id, both where they are not the same.

        An address that the table of licences does not know, and that is not that of a licence file, may say anything.
        """
        link = terms.link or (terms.rule if FILE_NAME.fullmatch(terms.rule) and item.value == UNKNOWN else None)
        if link is None or terms.source in (Source.POLICY, Source.INHERITED):
            return item.value
        if (text := self._read(item, link)) is not None:
            return text if item.value == UNKNOWN else join_expressions(item.value, text)
        if item.value == UNKNOWN or self._licenses.get(link) or _is_license_file(link):
            return item.value
        return join_expressions(item.value, LINKED)

    @cached_property
    def _named(self) -> dict[tuple[str, str], dict[str, str]]:
        """The licence files by root and by name without its suffix: what the first in each directory says."""
        named: dict[tuple[str, str], dict[str, str]] = {}
        for (root, path), text in sorted(self._texts.items()):
            place = PurePosixPath(path)
            named.setdefault((root, place.stem), {}).setdefault(str(place.parent), text)
        return named

    def _read(self, item: Evidence, link: str) -> str | None:
        """Find what a licence file says: at the path that the link names, by its name in a directory above, or the only one of that name."""
        if "://" in link:
            return None
        root, above = item.location.root, [str(parent) for parent in PurePosixPath(item.location.path).parents]
        if text := self._texts.get((root, str(PurePosixPath(above[0]) / link))) if above else None:
            return text
        named = self._named.get((root, PurePosixPath(link).stem), {})
        near = next((named[directory] for directory in above if directory in named), None)
        return near or (next(iter(named.values())) if len(named) == 1 else None)


def _is_license_file(link: str) -> bool:
    """Say whether a link is that of the usual licence file, in the bundle or at the hub it came from; it adds nothing to an id that is known."""
    place = link.split("#", maxsplit=1)[0].split("?", maxsplit=1)[0]
    return bool(USUAL.fullmatch(PurePosixPath(place).name)) and ("://" not in place or HUB.match(place) is not None)

"""What a declared id comes to once its link is followed: `license_link: LICENSE`, or an address that nobody can read offline. Pure."""

import re
from functools import cached_property
from pathlib import PurePosixPath

from inspector.expressions import join_expressions
from inspector.licenses import Licenses
from inspector.mentions import HUB
from inspector.model import Claim, Evidence, Inventory, Source, Terms
from inspector.statements import UNKNOWN

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

    def _read(self, item: Evidence, link: str) -> str | None:
        """Find what a licence file of the same root says: at the path that the link names, else by its name anywhere."""
        if "://" in link:
            return None
        near = str(PurePosixPath(item.location.path).parent / link)
        named = (path for root, path in sorted(self._texts) if root == item.location.root and _same_name(path, link))
        return next((text for path in (near, *named) if (text := self._texts.get((item.location.root, path)))), None)


def _is_license_file(link: str) -> bool:
    """Say whether a link is that of the usual licence file, in the bundle or at the hub it came from; it adds nothing to an id that is known."""
    place = link.split("#", maxsplit=1)[0].split("?", maxsplit=1)[0]
    return bool(USUAL.fullmatch(PurePosixPath(place).name)) and ("://" not in place or HUB.match(place) is not None)


def _same_name(path: str, link: str) -> bool:
    return PurePosixPath(path).stem == PurePosixPath(link).stem

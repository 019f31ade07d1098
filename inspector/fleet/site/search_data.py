"""The rows that are searched in the browser, as JSON that no script tag can end: words, licences and rules each once, rows as places in these lists.

Source: HTML, "Restrictions for contents of script elements": neither `<!--` nor `<script` nor `</script` may stand there, so no `<` does.
"""

from collections.abc import Mapping, Sequence

import msgspec

from inspector.fleet.site.listing import Row
from inspector.fleet.site.words import STRICTEST_FIRST
from inspector.render.html.tones import tone_of

MOST_ROWS = 20_000
MOST_BYTES = 12_000_000
UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
ABSENT = "-"


class SearchData:
    """Collects rows until there are as many as a page can hold; components are given with their titles."""

    def __init__(self, standards: Sequence[str], components: Mapping[str, str]) -> None:
        self._standards, self._components = tuple(standards), dict(components)
        self._lists: dict[str, dict[object, int]] = {
            name: {} for name in ("grades", "worst", "weights", "licenses", "rules", "stores", "reasons", "policy", "broken")
        }
        self._rows: list[bytes] = []
        self._bytes = 0
        self._is_full = False

    @property
    def count(self) -> int:
        """Say how many rows there are."""
        return len(self._rows)

    def add(self, rows: Sequence[Row]) -> None:
        """Add rows, in their order, while there is room."""
        for row in rows:
            self._is_full = self._is_full or len(self._rows) >= MOST_ROWS or self._bytes >= MOST_BYTES
            if self._is_full:
                return
            encoded = msgspec.json.encode(self._pack(row))
            self._rows.append(encoded)
            self._bytes += len(encoded)

    def encode(self) -> str:
        """Write all of it as JSON in which no character can end or begin a tag."""
        head = {
            "standards": self._standards,
            "components": list(self._components),
            "titles": list(self._components.values()),
            "states": [(text, tone_of(text)) for text in STRICTEST_FIRST],
            **{name: list(values) for name, values in self._lists.items()},
        }
        text = (msgspec.json.encode(head)[:-1] + b',"rows":[' + b",\n".join(self._rows) + b"]}").decode()
        return "".join(UNSAFE.get(char, char) for char in text) if UNSAFE.keys() & set(text) else text

    def _pack(self, row: Row) -> tuple[object, ...]:
        place = self._place
        return (
            row.page,
            row.place,
            row.origin,
            place("stores", row.store),
            [place("grades", (word.text, word.tone)) if (word := row.grades.get(standard)) else -1 for standard in self._standards],
            place("worst", (row.worst.text, row.worst.tone)),
            row.issues,
            row.problems,
            place("weights", (row.weights.text, row.weights.tone)),
            place("licenses", row.license),
            "".join(str(row.terms[name]) if name in row.terms else ABSENT for name in self._components),
            row.files,
            row.bytes,
            [place("rules", rule) for rule in row.rules],
            place("reasons", row.reason),
            place("policy", (row.held.word.text, row.held.word.tone)) if row.held else -1,
            row.held.violations if row.held else 0,
            [place("broken", rule) for rule in row.held.rules] if row.held else [],
        )

    def _place(self, name: str, value: object) -> int:
        """Give the place of a value in a list; one that is new is put at its end."""
        known = self._lists[name]
        return known.setdefault(value, len(known))

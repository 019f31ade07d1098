"""Which terms govern which component, whether the statements agree, and what they come to. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from inspector.judgement import Resolution
from inspector.licensing.expressions import join_expressions, split_expression
from inspector.licensing.laundering import find_laundering, is_kept
from inspector.licensing.licenses import VAGUE, Licenses
from inspector.licensing.reach import LEARNED, OPEN, Said, Statements
from inspector.licensing.statements import UNKNOWN
from inspector.model import CODE, Bucket, Claim, Component, Evidence, Inventory, Issue, Severity, Source

SUBJECTS = frozenset({*((component, Claim.PRESENT) for component in (*CODE, *LEARNED)), (Component.DATASETS, Claim.DESCRIBED)})
SOURCES = frozenset(
    [
        *(
            "python",
            "notebook",
            "shell",
            "c",
            "cpp",
            "cuda",
            "rust",
            "go",
            "julia",
            "javascript",
            "typescript",
            "swift",
            "java",
            "lua",
            "r",
        ),
    ]
)


@dataclass(frozen=True, slots=True)
class ResolvedTerms:
    """The terms of everything: one resolution for each component, root and expression, what contradicts itself, and which one holds for a file.

    `other_code` are those of source files of which nobody could say what they are for.
    """

    resolutions: tuple[Resolution, ...]
    issues: tuple[Issue, ...]
    of_file: Mapping[tuple[Component, str, str], Resolution]
    licenses: Licenses
    other_code: tuple[Resolution, ...] = ()

    def of(self, item: Evidence) -> Resolution | None:
        """Give the terms of what a piece of evidence speaks of, by the file that it was read in."""
        if item.claim is not Claim.PRESENT and (item.component, item.claim) not in SUBJECTS:
            return None
        return self.of_file.get((item.component, item.location.root, item.location.path.split("!/")[0]))


def resolve_terms(inventory: Inventory, licenses: Licenses, also: frozenset[Component] = frozenset()) -> ResolvedTerms:
    """Resolve the terms of every component in every file; statements that disagree are issues.

    Code, parameters and data information are always asked for; `also` are the components that standards ask for beside them.
    """
    resolver = _Resolver(Statements(inventory, licenses), licenses)
    subjects: dict[tuple[str, Component], set[str]] = {}
    for item in inventory.evidence:
        if (item.component, item.claim) in SUBJECTS or (item.claim is Claim.PRESENT and item.component in also):
            subjects.setdefault((item.location.root, item.component), set()).add(item.location.path.split("!/")[0])
    for (root, component), paths in sorted(subjects.items()):
        resolver.resolve(component, root, paths)
    placed = {(root, path) for (root, component), paths in subjects.items() if component in CODE for path in paths}
    resolved, other = len(resolver.resolutions), _other_code(inventory, placed)
    for root, paths in sorted(other.items()):
        resolver.resolve(Component.SUPPORTING, root, paths)
    issues = (*resolver.issues.values(), *resolver.laundered)
    return ResolvedTerms(
        tuple(_merge(resolver.resolutions)),
        issues,
        resolver.of_file,
        licenses,
        tuple(resolver.resolutions[resolved:]),
    )


def _other_code(inventory: Inventory, placed: set[tuple[str, str]]) -> dict[str, set[str]]:
    """List the source files that nobody could say the purpose of, in roots with code of a known purpose: their terms count as well."""
    roots = {root for root, _ in placed}
    found: dict[str, set[str]] = {}
    for record in inventory.files:
        if record.format in SOURCES and record.root in roots and record.size and (record.root, record.path) not in placed:
            found.setdefault(record.root, set()).add(record.path)
    return found


class _Resolver:
    """Gathers resolutions, file by file, and the issues that come up."""

    def __init__(self, statements: Statements, licenses: Licenses) -> None:
        self.statements, self.licenses = statements, licenses
        self.resolutions: list[Resolution] = []
        self.issues: dict[tuple[int, ...], Issue] = {}
        self.laundered: dict[Issue, None] = {}
        self.of_file: dict[tuple[Component, str, str], Resolution] = {}

    def resolve(self, component: Component, root: str, paths: Iterable[str]) -> None:
        """Resolve the terms of one component in some files of one root: files under the same statements share a resolution."""
        governed: dict[tuple[Said, ...], list[str]] = {}
        for path in sorted(paths):
            governed.setdefault(self.statements.governing(component, root, path), []).append(path)
        groups: dict[tuple[Said, ...], list[str]] = {}
        for governing, members in governed.items():
            groups.setdefault(_informative(governing, self.licenses), []).extend(members)
        for group, members in groups.items():
            resolution = _resolve(component, root, group, len(members), self.licenses)
            self.resolutions.append(resolution)
            self.of_file |= dict.fromkeys(((component, root, path) for path in members), resolution)
            if resolution.conflict:
                self.issues.setdefault(resolution.because, _conflict(group, self.licenses))
            self.laundered.update(dict.fromkeys(find_laundering(group, self.licenses)))


def _informative(group: tuple[Said, ...], licenses: Licenses) -> tuple[Said, ...]:
    """Drop ids that name nothing ("other"), or a family only ("Apache"), where a statement that says more stands beside them.

    A licence file that nobody can make out is never dropped, nor an id with a link that leads out of the root: they may say anything. What came
    down from upstream says nothing more where it is stated here as well.
    """
    exact = {part for said in group for part in split_expression(said.expression)}
    stated = join_expressions(*(said.expression for said in group if said.grants)) if any(said.grants for said in group) else ""
    known = tuple(
        said
        for said in group
        if (said.expression != UNKNOWN or said.terms.source in (Source.TEXT, Source.HEADER) or said.terms.link)
        and not (said.expression.startswith(VAGUE) and any(licenses.is_narrowed(said.expression, part) for part in exact))
        and not (said.terms.source is Source.INHERITED and is_kept(said.expression, stated, licenses))
    )
    return known if any(said.grants for said in known) else group


def _resolve(component: Component, root: str, group: tuple[Said, ...], files: int, licenses: Licenses) -> Resolution:
    grants = [said for said in group if said.grants]
    because, conflict = tuple(said.index for said in group), False
    if not grants:
        expression, bucket = None, Bucket.UNSTATED
        reason = "no statement of terms reaches it" + ("; a use policy restricts it" if group else "")
    else:
        expression = join_expressions(*(said.expression for said in group))
        bucket, places = licenses.bucket(expression), "; ".join(dict.fromkeys(said.place for said in group))
        reason, conflict = f"stated at {places}", _disagree(grants, licenses) is not None
        if component in CODE and bucket in OPEN and all(said.terms.source is Source.PROSE for said in grants):
            # A sentence in a README is no licence of code: the text, a tag or package metadata has to be there.
            bucket, reason = Bucket.UNKNOWN, f"only a sentence says so, and no licence is here: {places}"
    return Resolution(
        component=component,
        root=root,
        expression=expression,
        bucket=bucket,
        conflict=conflict,
        files=files,
        because=because,
        reason=reason,
        restricts=_restrictions(expression or "", licenses),
    )


def _restrictions(expression: str, licenses: Licenses) -> tuple[str, ...]:
    """List what the licences of an expression restrict, each kind with the clauses that say so."""
    kinds: dict[str, dict[str, None]] = {}
    for part in split_expression(expression) if expression else ():
        for item in found.restricts if (found := licenses.get(part)) else ():
            kinds.setdefault(item.kind, {})[item.clause] = None
    return tuple(f"{kind} ({', '.join(clauses)})" for kind, clauses in kinds.items())


def _disagree(grants: list[Said], licenses: Licenses) -> tuple[Said, Said] | None:
    """Find two statements that say different things. Licence files all apply; an id may name a part of what the files hold.

    What stands in one list, in one header or in the licence files of one directory is one statement.
    """
    # Those that say the same as an earlier one disagree with nothing that it agrees with.
    first = dict[tuple[bool, str], tuple[Said, str]]()
    for said, text in _join(grants):
        first.setdefault((said.terms.source is Source.TEXT, text), (said, text))
    joined = list(first.values())
    for place, (one, left) in enumerate(joined):
        for other, right in joined[place + 1 :]:
            both_texts = one.terms.source is other.terms.source is Source.TEXT
            if UNKNOWN not in (left, right) and not both_texts and not _agree(left, right, licenses):
                return one, other
    return None


def _join(grants: list[Said]) -> list[tuple[Said, str]]:
    groups: dict[tuple[str, str, str], list[Said]] = {}
    for said in grants:
        match said.terms.source:
            case Source.TEXT:
                key = (said.root, said.directory, "")
            case Source.PROSE:
                key = (said.root, said.path, str(said.index))
            case _:
                pointer = said.item.location.pointer or ""
                listed = re.sub(r"/\d+$", "", pointer)
                key = (said.root, said.path, listed if listed != pointer or pointer == "header" else str(said.index))
        groups.setdefault(key, []).append(said)
    return [(group[0], join_expressions(*(said.expression for said in group))) for group in groups.values()]


def _agree(one: str, other: str, licenses: Licenses) -> bool:
    if licenses.same(one, other):
        return True
    left, right = split_expression(one), split_expression(other)
    return _within(left, right, licenses) or _within(right, left, licenses)


def _within(small: tuple[str, ...], large: tuple[str, ...], licenses: Licenses) -> bool:
    return all(any(licenses.same(part, other) for other in large) for part in small)


def _conflict(group: tuple[Said, ...], licenses: Licenses) -> Issue:
    grants = [said for said in group if said.grants]
    one, other = _disagree(grants, licenses) or (grants[0], grants[-1])
    mixed = (licenses.bucket(one.expression) in OPEN) != (licenses.bucket(other.expression) in OPEN)
    return Issue(
        rule="terms.conflict",
        severity=Severity.HIGH if mixed else Severity.MEDIUM,
        message=f"two statements about the same thing disagree: {one.expression} at {one.place}, {other.expression} at {other.place}",
        locations=(one.item.location, other.item.location),
        settle="Ask the publisher which of the two holds; until then the stricter one is assumed.",
    )


def _merge(resolutions: list[Resolution]) -> Iterator[Resolution]:
    """Join groups of one component and root that came to the same expression by different statements."""
    groups: dict[tuple[Component, str, str | None, bool], list[Resolution]] = {}
    for item in resolutions:
        groups.setdefault((item.component, item.root, item.expression, item.conflict), []).append(item)
    for group in groups.values():
        first = group[0]
        because = tuple(sorted({index for item in group for index in item.because}))
        more = len(because) - len(first.because)
        yield Resolution(
            component=first.component,
            root=first.root,
            expression=first.expression,
            bucket=first.bucket,
            conflict=first.conflict,
            files=sum(item.files for item in group),
            because=because,
            reason=f"{first.reason} and {more} more that agree{'' if more > 1 else 's'}" if more else first.reason,
            restricts=first.restricts,
        )

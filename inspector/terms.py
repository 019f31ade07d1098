"""Which terms govern which component, whether the statements agree, and what they come to. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from inspector.expressions import Group, parse_expression, render_expression
from inspector.judgement import Resolution
from inspector.licenses import Licenses
from inspector.model import CODE, Bucket, Claim, Component, Evidence, Inventory, Issue, Severity, Source
from inspector.reach import LEARNED, Said, Statements
from inspector.statements import UNKNOWN

SUBJECTS = {
    **{(component, Claim.PRESENT): component for component in (*CODE, *LEARNED)},
    (Component.DATASETS, Claim.DESCRIBED): Component.DATASETS,
}
OPEN = (Bucket.OSI_APPROVED, Bucket.FREE)


@dataclass(frozen=True, slots=True)
class ResolvedTerms:
    """The terms of everything: one resolution for each component, root and expression, which one holds for a file, and what contradicts itself."""

    resolutions: tuple[Resolution, ...]
    issues: tuple[Issue, ...]
    of_file: Mapping[tuple[Component, str, str], Resolution]

    def of(self, item: Evidence) -> Resolution | None:
        """Give the terms of what a piece of evidence speaks of, by the file that it was read in."""
        component = SUBJECTS.get((item.component, item.claim))
        return None if component is None else self.of_file.get((component, item.location.root, item.location.path.split("!/")[0]))


def resolve_terms(inventory: Inventory, licenses: Licenses) -> ResolvedTerms:
    """Resolve the terms of every component in every file; statements that disagree are issues."""
    statements = Statements(inventory)
    subjects: dict[tuple[str, Component], set[str]] = {}
    for item in inventory.evidence:
        if component := SUBJECTS.get((item.component, item.claim)):
            subjects.setdefault((item.location.root, component), set()).add(item.location.path.split("!/")[0])
    resolutions: list[Resolution] = []
    issues: dict[tuple[int, ...], Issue] = {}
    of_file: dict[tuple[Component, str, str], Resolution] = {}
    for (root, component), paths in sorted(subjects.items()):
        groups: dict[tuple[Said, ...], list[str]] = {}
        for path in sorted(paths):
            groups.setdefault(_informative(statements.governing(component, root, path), licenses), []).append(path)
        for group, members in groups.items():
            resolution = _resolve(component, root, group, len(members), licenses)
            resolutions.append(resolution)
            of_file |= dict.fromkeys(((component, root, path) for path in members), resolution)
            if resolution.conflict:
                issues.setdefault(resolution.because, _conflict(group, licenses))
    return ResolvedTerms(tuple(_merge(resolutions)), tuple(issues.values()), of_file)


def split_and(expression: str) -> tuple[str, ...]:
    """Split an expression into the parts that all apply; what cannot be parsed is one part."""
    node = parse_expression(expression)
    if isinstance(node, Group) and node.operator == "AND":
        return tuple(render_expression(part) for part in node.parts)
    return (expression,)


def _informative(group: tuple[Said, ...], licenses: Licenses) -> tuple[Said, ...]:
    """Drop ids that name nothing ("other"), or a family only ("Apache"), where a statement that says more stands beside them.

    A licence file that nobody can make out is never dropped, nor an id with a link that leads out of the root: they may say anything.
    """
    exact = [part for said in group for part in split_and(said.expression)]
    known = tuple(
        said
        for said in group
        if (said.expression != UNKNOWN or said.terms.source is Source.TEXT or said.terms.link)
        and not any(licenses.is_narrowed(said.expression, part) for part in exact)
    )
    grants = any(said.terms.source is not Source.POLICY for said in known)
    return tuple(dict.fromkeys(known if grants else group))


def _resolve(component: Component, root: str, group: tuple[Said, ...], files: int, licenses: Licenses) -> Resolution:
    grants = [said for said in group if said.terms.source is not Source.POLICY]
    if not grants:
        reason = "no statement of terms reaches it" + ("; a use policy restricts it" if group else "")
        because = tuple(said.index for said in group)
        return Resolution(
            component=component,
            root=root,
            expression=None,
            bucket=Bucket.UNSTATED,
            conflict=False,
            files=files,
            because=because,
            reason=reason,
        )
    expression = _combine(group)
    bucket, places = licenses.bucket(expression), "; ".join(dict.fromkeys(said.place for said in group))
    reason = f"stated at {places}"
    if component in CODE and bucket in OPEN and all(said.terms.source is Source.PROSE for said in grants):
        # A sentence in a README is no licence of code: the text, a tag or package metadata has to be there.
        bucket, reason = Bucket.UNKNOWN, f"only a sentence says so, and no licence is here: {places}"
    return Resolution(
        component=component,
        root=root,
        expression=expression,
        bucket=bucket,
        conflict=_disagree(grants, licenses) is not None,
        files=files,
        because=tuple(said.index for said in group),
        reason=reason,
    )


def _combine(group: Iterable[Said]) -> str:
    parts = sorted({part for said in group for part in split_and(said.expression)})
    return " AND ".join(f"({part})" if " OR " in part and len(parts) > 1 else part for part in parts)


def _disagree(grants: list[Said], licenses: Licenses) -> tuple[Said, Said] | None:
    """Find two statements that say different things. Two licence files side by side both apply; an id may name a part of what the file holds."""
    for place, one in enumerate(grants):
        for other in grants[place + 1 :]:
            both_texts = one.terms.source is other.terms.source is Source.TEXT
            if (
                UNKNOWN not in (one.expression, other.expression)
                and not both_texts
                and not _agree(one.expression, other.expression, licenses)
            ):
                return one, other
    return None


def _agree(one: str, other: str, licenses: Licenses) -> bool:
    if licenses.same(one, other):
        return True
    left, right = split_and(one), split_and(other)
    return _within(left, right, licenses) or _within(right, left, licenses)


def _within(small: tuple[str, ...], large: tuple[str, ...], licenses: Licenses) -> bool:
    return all(any(licenses.same(part, other) for other in large) for part in small)


def _conflict(group: tuple[Said, ...], licenses: Licenses) -> Issue:
    grants = [said for said in group if said.terms.source is not Source.POLICY]
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
        )

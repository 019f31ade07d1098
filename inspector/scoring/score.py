"""Hold an inventory against a standard: one finding for every requirement, a grade for every element and for the system. Pure.

A grade is the worst of its parts. Nothing that is merely likely counts: what no evidence decides is `absent`, `referenced` or `review`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

import msgspec

from inspector.judgement import ElementResult, Finding, Grade, Resolution, StandardResult, Verdict
from inspector.licensing.terms import ResolvedTerms
from inspector.model import Bucket, Certainty, Claim, Count, Evidence, Inventory, Reference
from inspector.requirement import Each, Fitness, Requirement, Standard, TermsRule
from inspector.scoring.attestation import Statement, attest_finding
from inspector.scoring.evidence_index import EvidenceIndex
from inspector.scoring.fitness import is_fit, is_preferred, is_wider
from inspector.scoring.ladder import climb_standard, explain_ladder
from inspector.wording import spell_component, spell_place

SATISFIED = (Verdict.MET, Verdict.NOT_APPLICABLE)
WORST = (Grade.INCOMPLETE, Grade.TERMS_ONLY, Grade.CONFORMS)
NAMED_PLACES = 3
QUOTED = 90
ON = {Each.FILE: "on all of it", Each.VALUE: "on documents that hold all of it", Each.ONE: "on it"}


def judge_standard(
    inventory: Inventory, terms: ResolvedTerms, standard: Standard, attested: Mapping[str, Statement] = MappingProxyType({})
) -> StandardResult:
    """Judge every requirement of a standard by the evidence and the resolved terms; what reading leaves open may be attested."""
    evidence = EvidenceIndex(inventory.evidence)
    read = (judge_requirement(evidence, terms, item) for item in standard.requirements)
    alone = tuple(attest_finding(finding, attested) for finding in read)
    findings = tuple(_stand_in(finding, rule, alone) for rule, finding in zip(standard.requirements, alone, strict=True))
    ladder = climb_standard(standard, alone) if standard.no_rung else None
    required = [(rule, finding) for rule, finding in zip(standard.requirements, findings, strict=True) if not rule.optional]
    elements = tuple(
        ElementResult(id=part.id, title=part.title, verdict=_grade(finding for rule, finding in required if rule.element == part.id))
        for part in standard.elements
    )
    grade = next(grade for grade in WORST if any(part.verdict is grade for part in elements))
    return StandardResult(
        id=standard.id,
        version=standard.version,
        title=standard.title,
        grade=grade,
        reason=explain_ladder(ladder) if ladder else _explain(grade, elements, required),
        elements=elements,
        findings=findings,
        disclaimer=standard.disclaimer,
        rests_on=_certainties(inventory.evidence, findings),
        ladder=ladder,
    )


def judge_requirement(evidence: EvidenceIndex, terms: ResolvedTerms, rule: Requirement) -> Finding:
    """Give the verdict on one requirement, with the evidence it rests on and what would settle it; of what is there, also the terms are asked for."""
    found = _judge_presence(evidence, rule) if rule.met else None
    if rule.terms is None or (found and found.verdict is not Verdict.MET):
        return found or _finding(rule, Verdict.ABSENT, "not here, and not named", ())
    under = _judge_terms(evidence, terms, rule, rule.terms)
    if found is None:
        return under
    # What is there and has no terms to judge is not free: nothing was said of it.
    verdict = Verdict.MET if under.verdict is Verdict.MET else Verdict.TERMS
    return _finding(rule, verdict, f"{found.reason}; {under.reason}", tuple(dict.fromkeys((*found.because, *under.because))))


def _stand_in(finding: Finding, rule: Requirement, findings: tuple[Finding, ...]) -> Finding:
    """Let another requirement stand in for one that is not satisfied: as it is, also when its terms alone are in the way."""
    other = next((item for item in findings if item.requirement == rule.instead), None)
    if other is None or finding.verdict in SATISFIED:
        return finding
    if other.verdict is not Verdict.MET and not (
        other.verdict is Verdict.TERMS and finding.verdict in (Verdict.ABSENT, Verdict.REFERENCED)
    ):
        return finding
    told = f"{other.title.lower()} stands in for it: {other.reason}"
    return msgspec.structs.replace(
        finding, verdict=other.verdict, reason=told, because=other.because, missing=other.missing, attested=other.attested
    )


def _judge_presence(evidence: EvidenceIndex, rule: Requirement) -> Finding:
    if (because := evidence.select(rule.not_applicable)) and not evidence.select(rule.unless):
        return _finding(rule, Verdict.NOT_APPLICABLE, f"it does not apply: {_name(evidence, because)}", because)
    groups = [evidence.select(group) for group in rule.met]
    spoiled = evidence.select(rule.spoiled_by)
    if all(groups):
        because = tuple(sorted({index for group in groups for index in group}))
        if spoiled:
            return _finding(rule, Verdict.PARTIAL, f"it is there in part: {_name(evidence, spoiled)}", (*because, *spoiled))
        first = tuple(_rank(evidence, group)[0] for group in groups)
        return _finding(rule, Verdict.MET, f"read at {_name_places(evidence, (*first, *_rank(evidence, because)))}", because)
    if because := tuple(sorted({index for group in groups for index in group} | set(evidence.select(rule.partial)))):
        return _finding(rule, Verdict.PARTIAL, f"only {_name(evidence, because)}", because)
    if because := evidence.select(rule.review):
        return _finding(rule, Verdict.REVIEW, "the data is described here, and nothing is said of this; only a person can say", because)
    if because := evidence.select(rule.referenced):
        return _finding(rule, Verdict.REFERENCED, f"not in these roots; the bundle names {_name(evidence, because)}", because)
    return _finding(rule, Verdict.ABSENT, "not here, and not named", ())


def _finding(rule: Requirement, verdict: Verdict, reason: str, because: tuple[int, ...]) -> Finding:
    return Finding(
        requirement=rule.id,
        element=rule.element,
        title=rule.title,
        verdict=verdict,
        reason=reason,
        because=because,
        missing=_next_step(rule, verdict),
        optional=rule.optional,
    )


def _next_step(rule: Requirement, verdict: Verdict) -> str:
    """Say what would settle a requirement: nothing, a question to answer, roots to bring, or what the roots at hand lack."""
    if verdict in SATISFIED:
        return ""
    if verdict is Verdict.REVIEW:
        return rule.question
    if verdict is Verdict.TERMS and rule.terms and rule.terms.fitness.settle:
        return rule.terms.fitness.settle
    return rule.supply if verdict in (Verdict.ABSENT, Verdict.REFERENCED) else rule.settle


def _judge_terms(evidence: EvidenceIndex, terms: ResolvedTerms, rule: Requirement, asked: TermsRule) -> Finding:
    """Judge terms: every file must lie under terms that fit; or, where that is asked, every value must be said in one that does, or any one does."""
    governed = {index: found for index in evidence.select(asked.of) if (found := terms.of(evidence[index]))}
    if not governed:
        return _finding(rule, Verdict.ABSENT, "nothing here to judge", ())
    good = [index for index, found in governed.items() if is_fit(found, asked.fitness, terms.licenses)]
    bad = [index for index in governed if index not in set(good) and not (good and asked.each is Each.ONE)]
    if asked.each is Each.VALUE:
        said = {evidence[index].value for index in good}
        bad = [index for index in bad if evidence[index].value not in said]
    other = [item for item in terms.other_code if asked.other_code and not is_fit(item, asked.fitness, terms.licenses)]
    resolutions = list(dict.fromkeys([*(governed[index] for index in bad or (() if other else good)), *other]))
    because = tuple(sorted({index for item in resolutions for index in item.because}))
    if not bad and not other:
        names = sorted({item.expression or "" for item in resolutions})
        other_than = [name for name in names if not is_preferred(name, asked.fitness, terms.licenses)]
        remark = f" ({', '.join(other_than)} fits, and is none of those preferred for {asked.fitness.id})" if other_than else ""
        return _finding(rule, Verdict.MET, f"{', '.join(names)} {ON[asked.each]}{remark}", because)
    return _finding(rule, Verdict.TERMS, "; ".join(_objections(resolutions, asked.fitness, terms)), because)


def _objections(bad: list[Resolution], asked: Fitness, terms: ResolvedTerms) -> Iterator[str]:
    """Say what is wrong with terms: one sentence for each root and expression, with the components that it concerns."""
    groups: dict[tuple[str, str | None, Bucket, bool], list[Resolution]] = {}
    for item in bad:
        groups.setdefault((item.root, item.expression, item.bucket, item.conflict), []).append(item)
    for (root, expression, bucket, conflict), group in groups.items():
        files = sum(item.files for item in group)
        names = ", ".join(sorted({spell_component(item.component) for item in group}))
        where = f"{names} in {root} ({files} file{'s' if files != 1 else ''})"
        if bucket is Bucket.UNSTATED:
            yield f"no terms are stated for {where}"
        elif conflict:
            yield f"the statements for {where} contradict each other: {expression}"
        else:
            wider = all(is_wider(item, asked, terms.licenses) for item in group)
            yield f"{expression} ({bucket}) on {where}" + (f", which {asked.wider_test} lets pass" if wider else "")


def _rank(evidence: tuple[Evidence, ...], because: tuple[int, ...]) -> tuple[int, ...]:
    """Order evidence for a person: what was parsed before what was matched, what lies at the top before what lies deep."""
    ranks = tuple(Certainty)

    def weigh(index: int) -> tuple[int, int, int]:
        return ranks.index(evidence[index].certainty), evidence[index].location.path.count("/"), index

    return tuple(sorted(because, key=weigh))


def _name(evidence: tuple[Evidence, ...], because: tuple[int, ...]) -> str:
    """Name pieces of evidence for a person: what was said and where, the first few."""
    return _list(_spell(evidence[index]) for index in _rank(evidence, because))


def _spell(item: Evidence) -> str:
    place = spell_place(item.location)
    words = {Claim.MENTIONED: "general words", Claim.WITHHELD: "a refusal", Claim.DESCRIBED: item.value}.get(item.claim)
    if words is not None:
        excerpt = (item.excerpt or "").strip()
        short = excerpt if len(excerpt) <= QUOTED else f"{excerpt[:QUOTED].rsplit(' ', 1)[0]} ..."
        return f'{words} at {place}: "{short}"' if short else f"{words} at {place}"
    target = item.details.target if isinstance(item.details, Reference) else item.value
    return f"{target or item.component} ({place})"


def _name_places(evidence: tuple[Evidence, ...], because: tuple[int, ...]) -> str:
    return _list(spell_place(evidence[index].location) for index in because)


def _list(texts: Iterable[str]) -> str:
    seen = tuple(dict.fromkeys(texts))
    more = len(seen) - NAMED_PLACES
    return ", ".join(seen[:NAMED_PLACES]) + (f" and {more} more" if more > 0 else "")


def _grade(findings: Iterable[Finding]) -> Grade:
    verdicts = [finding.verdict for finding in findings]
    if all(verdict in SATISFIED for verdict in verdicts):
        return Grade.CONFORMS
    return Grade.TERMS_ONLY if all(verdict in (*SATISFIED, Verdict.TERMS) for verdict in verdicts) else Grade.INCOMPLETE


def _explain(grade: Grade, elements: tuple[ElementResult, ...], required: list[tuple[Requirement, Finding]]) -> str:
    """Say in one sentence why the grade is what it is."""
    open_ = [(rule, finding) for rule, finding in required if finding.verdict not in SATISFIED]
    if grade is Grade.CONFORMS:
        stated = sum(finding.attested for _, finding in required)
        by_reading = f"all {len(required)} requirements are answered by evidence in these roots"
        return (
            f"{len(required) - stated} of {len(required)} requirements are answered by evidence, {stated} attested"
            if stated
            else by_reading
        )
    terms = [finding.reason for _, finding in open_ if finding.verdict is Verdict.TERMS]
    if grade is Grade.TERMS_ONLY:
        return f"nothing is missing; legal terms alone stand in the way: {'; '.join(terms)}"
    counts = Counter(rule.element for rule, finding in open_ if finding.verdict is not Verdict.TERMS)
    totals = Counter(rule.element for rule, _ in required)
    parts = [f"{counts[part.id]} of {totals[part.id]} for {part.title.lower()}" for part in elements if counts[part.id]]
    blocked = {rule.element for rule, finding in open_ if finding.verdict is Verdict.TERMS}
    names = " and ".join(", ".join(part.title.lower() for part in elements if part.id in blocked).rsplit(", ", 1))
    tail = f"; beside that, the terms of {names} stand in the way" if names else ""
    return f"of what is asked for, these roots leave open {', '.join(parts)}{tail}"


def _certainties(evidence: tuple[Evidence, ...], findings: tuple[Finding, ...]) -> tuple[Count, ...]:
    """Count, over the findings that are satisfied, the strongest certainty that each rests on."""
    ranks = tuple(Certainty)
    satisfied = [finding for finding in findings if finding.verdict in SATISFIED and finding.because and not finding.attested]
    best = Counter(min((evidence[index].certainty for index in finding.because), key=ranks.index) for finding in satisfied)
    return tuple(Count(certainty, best[certainty]) for certainty in ranks if best[certainty])

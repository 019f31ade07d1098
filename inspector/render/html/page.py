"""What the page shows, gathered from a report: frozen values, in the order of a reader who has to decide."""

from inspector.judgement import DataSet, Report, Rung, StandardResult
from inspector.model import Chain, Component, Fit, Frozen, Inventory, Severity
from inspector.render.checklist import WORDS as ALLOWED
from inspector.render.holdings import count_weights, plural, spell_bytes, tell_quantization
from inspector.render.html.directories import Directories, list_directories
from inspector.render.html.evidence_tree import Branch, Row, Section, cut, grow_tree, list_answers
from inspector.render.html.file_map import Map, map_files, map_parameters
from inspector.render.html.statements import Governed, list_parents, list_terms
from inspector.render.html.violations import ViolationGroup, group_violations
from inspector.render.issue_groups import IssueGroup, group_issues, group_problems
from inspector.render.ladder import tell_left
from inspector.render.next_steps import NextStep, list_steps
from inspector.render.runs import WORDS as FITS
from inspector.render.runs import rank_chains, tell_steps
from inspector.render.tallies import tally_issues
from inspector.wording import spell_place

MOST_SETS, MOST_RUNS, MOST_PLACES, MOST_UNCLAIMED = 300, 40, 6, 500


class Judged(Frozen, frozen=True):
    """One standard's answer with its elements and what to do next."""

    result: StandardResult
    badge: str
    grade: str
    sections: tuple[Section, ...]
    steps: tuple[NextStep, ...]
    rungs: tuple[tuple[Rung, str], ...]


class Asked(Frozen, frozen=True):
    """A row of the checklist in words: the component, where, under which terms, and (word, value) of each freedom."""

    title: str
    place: str
    more: int
    terms: str
    freedoms: tuple[tuple[str, str], ...]


class SetRow(Frozen, frozen=True):
    """A row of the table of data sets in words."""

    name: str
    access: str
    reason: str
    where: str
    facts: tuple[str, ...]
    places: tuple[str, ...]
    more: int


class Run(Frozen, frozen=True):
    """A training run in words."""

    fit: Fit
    word: str
    told: str


class Page(Frozen, frozen=True):
    """All of it."""

    report: Report
    standards: tuple[Judged, ...]
    roots: tuple[tuple[str, str, str], ...]
    holdings: tuple[tuple[str, str], ...]
    violations: tuple[ViolationGroup, ...]
    severities: tuple[tuple[Severity, int], ...]
    issues: tuple[IssueGroup, ...]
    problems: tuple[tuple[str, tuple[str, ...]], ...]
    terms: tuple[Governed, ...]
    parents: tuple[Row, ...]
    checklist: tuple[Asked, ...]
    sets: tuple[SetRow, ...]
    runs: tuple[Run, ...]
    files: Map
    parameters: Map
    directories: Directories
    tree: tuple[Branch, ...]
    unclaimed: tuple[str, ...]


def gather_page(report: Report) -> Page:
    """Gather what the page shows."""
    inventory = report.inventory
    chains = rank_chains(inventory)
    return Page(
        report=report,
        standards=tuple(_judge(result, report) for result in report.standards),
        roots=_tell_roots(inventory),
        holdings=_tell_holdings(inventory),
        violations=group_violations(report.policy),
        severities=tally_issues(inventory.issues),
        issues=group_issues(inventory.issues),
        problems=tuple((cut(reason), tuple(map(cut, places))) for reason, places in group_problems(inventory.problems)),
        terms=list_terms(report),
        parents=list_parents(report),
        checklist=_ask(report),
        sets=tuple(_tell_set(row) for row in report.data_sets[:MOST_SETS]),
        runs=tuple(_tell_run(chain) for chain in chains[:MOST_RUNS]),
        files=map_files(inventory.files),
        parameters=map_parameters(inventory),
        directories=list_directories(inventory.files),
        tree=grow_tree(inventory),
        unclaimed=tuple(cut(spell_place(place)) for place in inventory.unclaimed[:MOST_UNCLAIMED]),
    )


def _judge(result: StandardResult, report: Report) -> Judged:
    ladder = result.ladder
    return Judged(
        result=result,
        badge=ladder.title if ladder else result.grade,
        grade=result.grade if ladder is None or not ladder.reached else "conforms",
        sections=list_answers(result, report),
        steps=list_steps(result),
        rungs=_tell_rungs(result),
    )


def _tell_rungs(result: StandardResult) -> tuple[tuple[Rung, str], ...]:
    """Give the rungs of a ladder, each with what it lacks in words."""
    titles = {finding.requirement: finding.title.lower() for finding in result.findings}
    told, seen = [], set[str]()
    for rung in result.ladder.rungs if result.ladder else ():
        told.append((rung, "; ".join(tell_left(rung, seen, titles.__getitem__))))
        seen |= {*rung.missing, *rung.unfit}
    return tuple(told)


def _tell_roots(inventory: Inventory) -> tuple[tuple[str, str, str], ...]:
    told = []
    for root in inventory.roots:
        records = [record for record in inventory.files if record.root == root.name]
        kind = ", ".join(filter(None, (root.role, root.layout, root.origin, root.revision and root.revision[:12])))
        told.append((root.name, kind, f"{plural(len(records), 'file')}, {spell_bytes(sum(record.size for record in records))}"))
    return tuple(told)


def _tell_holdings(inventory: Inventory) -> tuple[tuple[str, str], ...]:
    told = (
        ("Weights", count_weights(inventory, Component.PARAMETERS)),
        ("Checkpoints and training state", count_weights(inventory, Component.CHECKPOINTS)),
        ("Quantization", tell_quantization(inventory)),
    )
    return tuple((title, text) for title, text in told if text)


def _ask(report: Report) -> tuple[Asked, ...]:
    rows = []
    for row in report.checklist:
        places = [spell_place(report.inventory.evidence[index].location) for index in row.because]
        freedoms = tuple((ALLOWED[item][0], str(item)) for item in (row.use, row.study, row.modify, row.share))
        terms = ", ".join(row.terms) or ("none stated" if row.use == "unstated" else "")
        rows.append(
            Asked(title=row.title, place=cut(places[0]) if places else "", more=max(len(places) - 1, 0), terms=terms, freedoms=freedoms)
        )
    return tuple(rows)


def _tell_set(row: DataSet) -> SetRow:
    facts = (*row.sizes, *row.shares, *(f"licence {text}" for text in row.licenses))
    usual = (f"usual licence {row.usual_license}",) if row.usual_license and not row.licenses else ()
    return SetRow(
        name=cut(row.name),
        access=row.access,
        reason=row.reason,
        where=cut(", ".join((*row.ids, *row.urls)[:MOST_PLACES]) or row.usual_place),
        facts=tuple(cut(fact) for fact in (*facts[:MOST_PLACES], *usual, *(("its card is here",) if row.cards else ()))),
        places=tuple(cut(spell_place(place)) for place in row.locations[:MOST_PLACES]),
        more=max(len(row.locations) - MOST_PLACES, 0),
    )


def _tell_run(chain: Chain) -> Run:
    return Run(fit=chain.fit, word=FITS[chain.fit][0], told=tell_steps(chain.steps))

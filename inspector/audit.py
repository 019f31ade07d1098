"""The public API in two steps: read the roots of a system into an inventory, and judge the inventory by standards."""

import datetime as dt
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from inspector import __version__
from inspector.bundle import Root
from inspector.data_information.data_sets import list_data_sets
from inspector.errors import UsageError
from inspector.judgement import Report, Tool
from inspector.kept_registry import recall_registry
from inspector.licensing.duties import find_missing_texts
from inspector.licensing.licenses import load_licenses
from inspector.licensing.terms import resolve_terms
from inspector.memo import Memo
from inspector.model import Inventory, Role
from inspector.registry import load_registry
from inspector.saved import ReportView, view_report
from inspector.scan import Options, Watch, issue_order, scan, unwatched
from inspector.scoring.attestation import load_attestation
from inspector.scoring.catalogue import load_standard
from inspector.scoring.checklist import fill_checklist
from inspector.scoring.score import judge_standard
from inspector.store import open_place

if TYPE_CHECKING:
    from inspector.policies.novelty import Earlier
    from inspector.policies.policy import Policy


@dataclass(frozen=True, slots=True)
class Attestation:
    """A file with statements, and the day on which it is read: a date after it is an error."""

    path: Path
    today: dt.date


def inspect(
    paths: Sequence[Path | str],
    *,
    supplements: Sequence[tuple[Role, Path | str]] = (),
    digest: bool = True,
    jobs: int | None = None,
    memo: Memo | None = None,
    sample_tensors: bool = False,
    watch: Watch = unwatched,
) -> Inventory:
    """Read every file of a system, which is one or more directories or files, without running any of it.

    Args:
        paths: Roots of which the role is not said; the first one names the system.
        supplements: Further roots with the role each has in the system.
        digest: Whether to compute the SHA-256 of every file.
        jobs: How many threads hash; as many as there are processors when it is left out.
        memo: What was read before, and is not read again where it did not change; nothing when it is left out.
        sample_tensors: Whether to look at a few elements of every tensor too.
        watch: Hears of progress: a phase (`files`, `bytes`, `texts`), how much is done, how much there is.

    Raises:
        UsageError: There is nothing at one of the paths.
        NothingToInspect: No file could be read.
    """
    roots, notes = _open_roots(paths, supplements)
    threads = jobs or os.cpu_count() or 1
    known = memo or Memo(None)
    found = scan(roots[0].record.name, roots, recall_registry(known), Options(known, digest, threads, watch))
    inventory = msgspec.structs.replace(found, notes=(*found.notes, *notes))
    return _sample(inventory, roots) if sample_tensors else inventory


def inspect_content(
    paths: Sequence[Path | str],
    *,
    supplements: Sequence[tuple[Role, Path | str]] = (),
    digest: bool = True,
    memo: Memo | None = None,
    watch: Watch = unwatched,
) -> Inventory:
    """Read as `inspect` does, without identifying statements of terms: the inventory says nothing of licences, and ScanCode is not loaded.

    Raises as `inspect` does.
    """
    roots, _ = _open_roots(paths, supplements)
    known = memo or Memo(None)
    return scan(roots[0].record.name, roots, recall_registry(known), Options(known, digest, os.cpu_count() or 1, watch, terms=False))


def inspect_again(saved: ReportView, paths: Sequence[Path | str], watch: Watch = unwatched) -> Inventory:
    """Read the roots of a report again, in its order and under its names and roles.

    Raises UsageError when there is another number of roots.
    """
    from inspector.tensors.sampled import SAMPLED

    if len(paths) != len(saved.system.roots):
        names = ", ".join(root.name for root in saved.system.roots)
        raise UsageError(f"the report is of {len(saved.system.roots)} roots ({names}), {len(paths)} paths were given")
    opened = (open_place(Path(path), root.role)[0] for root, path in zip(saved.system.roots, paths, strict=True))
    named = tuple(
        replace(root, record=msgspec.structs.replace(root.record, name=was.name))
        for root, was in zip(opened, saved.system.roots, strict=True)
    )
    digest = any(item.sha256 for item in saved.files)
    inventory = scan(saved.system.name, named, load_registry(), Options(Memo(None), digest, os.cpu_count() or 1, watch))
    return _sample(inventory, named) if any(note.startswith(SAMPLED) for note in saved.system.notes) else inventory


def judge(inventory: Inventory, standards: Sequence[str] = ("osaid",), *, attested: Attestation | None = None) -> Report:
    """Hold an inventory against standards: ids of those that ship with the program, or paths of TOML files.

    `attested` is a file in which a person answers what reading leaves open, and the day on which it is read.

    Raises:
        UsageError: There is no such standard, or the file is wrong.
    """
    licenses, loaded = load_licenses(), tuple(load_standard(name) for name in standards)
    asked = frozenset(selector.component for item in loaded for rule in item.requirements if rule.terms for selector in rule.terms.of)
    terms = resolve_terms(inventory, licenses, asked)
    missing = find_missing_texts(inventory, terms.resolutions, licenses)
    issues = tuple(sorted({*inventory.issues, *terms.issues, *missing}, key=issue_order))
    whole = msgspec.structs.replace(inventory, issues=issues)
    known = (rule.id for standard in loaded for rule in standard.requirements)
    stated = load_attestation(attested.path, known, attested.today, inventory.name) if attested else {}
    results = tuple(judge_standard(whole, terms, standard, stated) for standard in loaded)
    return Report(
        tool=Tool(name="inspector", version=__version__, detectors=inventory.detectors),
        inventory=whole,
        terms=terms.resolutions,
        standards=results,
        checklist=fill_checklist(whole, terms),
        data_sets=list_data_sets(whole, licenses),
    )


def hold_against(report: Report, policy: "Policy | None", today: dt.date, earlier: "Earlier | None" = None) -> Report:
    """Hold a report against a policy on a day, and against an earlier report: its `policy` and `baseline` say what does not hold, and what is new.

    The report must judge the standards that the policy asks for: `[demand.name for demand in policy.standards]`.
    """
    from inspector.policies.judgement import judge_policy
    from inspector.policies.novelty import find_new

    view, licenses = view_report(report), load_licenses()
    return msgspec.structs.replace(
        report,
        policy=judge_policy(view, policy, today, licenses) if policy else None,
        baseline=find_new(view, earlier, policy, today, licenses) if earlier else None,
    )


def _sample(inventory: Inventory, roots: Sequence[Root]) -> Inventory:
    """Look at elements of tensors; what does it is loaded only here, since it takes as long to load as all detectors."""
    from inspector.tensors.sampled import sample_inventory

    return sample_inventory(inventory, tuple(roots))


def _open_roots(paths: Sequence[Path | str], supplements: Sequence[tuple[Role, Path | str]]) -> tuple[tuple[Root, ...], tuple[str, ...]]:
    """Open all roots under names of their own, with what is to be noted of how that was done."""
    asked = [(None, Path(path)) for path in paths] + [(role, Path(path)) for role, path in supplements]
    if not asked:
        raise UsageError("no path was given")
    opened = [open_place(path, role) for role, path in asked]
    return _name_apart(root for root, _ in opened), tuple(note for _, note in opened if note)


def _name_apart(roots: Iterable[Root]) -> tuple[Root, ...]:
    """Give every root a name of its own: a second `model` becomes `model-2`."""
    named: list[Root] = []
    for root in roots:
        names = {other.record.name for other in named}
        name, number = root.record.name, 2
        while name in names:
            name, number = f"{root.record.name}-{number}", number + 1
        named.append(replace(root, record=msgspec.structs.replace(root.record, name=name)))
    return tuple(named)

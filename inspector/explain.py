"""Texts for `inspector list` and `inspector explain`, from the docstrings of detectors and the TOML of standards and licences."""

import textwrap
from collections.abc import Iterable

from inspector.detector import Detector, Wants
from inspector.errors import UsageError
from inspector.licensing.duties import load_duties
from inspector.licensing.families import load_families
from inspector.licensing.licenses import License, load_licenses
from inspector.model import Bucket
from inspector.registry import load_registry
from inspector.requirement import Fitness, Requirement, Selector
from inspector.rule_catalogue import RuleEntry, load_rules
from inspector.scoring.catalogue import load_standard

WIDTH = 100
SHIPPED = ("osaid", "mof")


def list_detectors() -> str:
    """List every detector and crosscheck with the first line of its documentation and what it wants."""
    registry = load_registry()
    rows = [(item.id, _title(item.doc), spell_wants(item.wants)) for item in registry.detectors]
    rows += [(item.id, _title(item.doc), "all files, after they were read") for item in registry.crosschecks]
    return "".join(f"{name}\n    {title}\n    wants {wants}\n" for name, title, wants in sorted(rows))


def list_formats() -> str:
    """List every format with the detector that recognises it, how, what is read from it and what cannot be known."""
    rows = [(name, item) for item in load_registry().detectors for name in item.formats]
    return "".join(_format(name, item) for name, item in sorted(rows, key=lambda row: (row[0], row[1].id)))


def group_formats() -> dict[str, tuple[str, ...]]:
    """Group the names of the formats that `list_formats` lists by what their detectors read: weights, code, cards, terms."""
    groups: dict[str, set[str]] = {}
    for item in load_registry().detectors:
        package = str(item.look.__globals__["__name__"]).split(".")[-2]
        groups.setdefault(package, set()).update(item.formats)
    return {name: tuple(sorted(groups[name])) for name in sorted(groups)}


def list_requirements() -> str:
    """List every requirement of the standards that ship with the program."""
    rules = [rule for name in SHIPPED for rule in load_standard(name).requirements]
    return "".join(f"{rule.id}{' (optional)' if rule.optional else ''}\n    {rule.title}\n" for rule in rules)


def list_rules() -> str:
    """List every rule with the highest severity that an issue of it has, and what it is about."""
    return "".join(f"{rule.id} ({rule.about}, up to {rule.severity})\n    {rule.title}\n" for rule in load_rules().entries)


def explain(identifier: str) -> str:
    """Explain one requirement, rule, detector, crosscheck or licence.

    Raises UsageError when nothing has that id.
    """
    for name in SHIPPED:
        standard = load_standard(name)
        for rule in standard.requirements:
            if rule.id == identifier:
                return _requirement(rule, f"{standard.title} {standard.version}")
    if entry := load_rules().get(identifier):
        return _rule(entry, identifier)
    registry = load_registry()
    for detector in registry.detectors:
        if detector.id == identifier:
            return _detector(detector)
    for check in registry.crosschecks:
        if check.id == identifier:
            return f"{check.id} (crosscheck, version {check.version})\n\n{textwrap.dedent(check.doc)}\n"
    if found := load_licenses().get(identifier):
        return _license(found)
    raise UsageError(f"{identifier}: nothing has this id; `inspector list` lists requirements, rules and detectors")


def spell_wants(wants: Wants) -> str:
    """Say in words which files a detector is offered."""
    magic = [f"{item.data!r} at byte {item.offset}" for item in wants.magic]
    return ", ".join((*wants.names, *(f"*{suffix}" for suffix in wants.suffixes), *wants.globs, *magic)) or "nothing by name"


def _format(name: str, item: Detector) -> str:
    parts = [f"{name} ({item.id})", f"recognised: {_part(item.doc, 'sees') or spell_wants(item.wants)}", f"read: {_part(item.doc, 'says')}"]
    return _wrap([*parts, f"cannot be known: {_part(item.doc, 'cannot know')}"], indent="    ")


def _part(doc: str, heading: str) -> str:
    """Take one of the four parts of a detector's documentation, in one line."""
    _, _, rest = " ".join(doc.split()).partition(f"What it {heading}: ")
    ends = [place for word in (" What it ", " Source: ") if (place := rest.find(word)) >= 0]
    return rest[: min(ends, default=len(rest))]


def _title(doc: str) -> str:
    return doc.strip().splitlines()[0] if doc.strip() else ""


def _requirement(rule: Requirement, standard: str) -> str:
    parts = [f"{rule.id}: {rule.title}", f"Of: {standard}, element {rule.element}{', optional' if rule.optional else ''}"]
    parts += [f"Asks: {rule.ask}", f"Why: {rule.why}", f"Source: {rule.source}"]
    if rule.met:
        parts.append("Met when there is: " + "; and ".join(_spell(group) for group in rule.met))
    if rule.terms:
        start = "And when: the" if rule.met else "Met when: the"
        parts.append(f"{start} terms of {_spell(rule.terms.of)} are {_spell_fitness(rule.terms.fitness)}, and no two statements disagree.")
    if rule.instead:
        parts.append(f"Something else that can stand in for it: {rule.instead}")
    for word, selectors in (
        ("Does not apply when there is", rule.not_applicable),
        ("unless there is", rule.unless),
        ("Partial when there is also", rule.spoiled_by),
        ("Partial when there is only", rule.partial),
        ("Referenced when there is only", rule.referenced),
        ("A person is asked when there is", rule.review),
    ):
        if selectors:
            parts.append(f"{word}: {_spell(selectors)}")
    if rule.question:
        parts.append(f"The question: {rule.question}")
    parts.append(f"What settles it: {rule.settle}")
    return _wrap(parts)


def _rule(entry: RuleEntry, identifier: str) -> str:
    parts = [f"{identifier}: {entry.title}", f"About: {entry.about}. Severity: up to {entry.severity}.", f"Why: {entry.why}"]
    if entry.references:
        parts.append(f"See: {', '.join(entry.references)}")
    return _wrap(parts)


def _detector(item: Detector) -> str:
    claims = ", ".join(sorted(f"{component} {claim}" for component, claim in item.emits)) or "its format only"
    return (
        _wrap([f"{item.id} (version {item.version})"])
        + f"\n{textwrap.dedent(item.doc)}\n\n"
        + _wrap([f"Wants: {spell_wants(item.wants)}", f"Formats: {', '.join(item.formats)}", f"Says: {claims}"])
    )


def _license(item: License) -> str:
    bucket = load_licenses().bucket(item.id)
    parts = [f"{item.id}: {item.name}", f"Bucket: {bucket}", _why(bucket)]
    parts += [f"Restricts: {restriction.kind} ({restriction.clause})" for restriction in item.restricts]
    if item.note:
        parts.append(f"Note: {item.note}")
    if duty := load_duties().get(item.id):
        parts.append(f"Asks to be kept with every copy: {', '.join(duty.keeps) or 'nothing'} ({duty.clause})")
    if families := [family.title for family in load_families().families if item.id in {terms.id for terms in family.terms}]:
        parts.append(f"Comes with: {', '.join(families)}")
    parts.append(f"Written as: {', '.join(item.aliases) or item.id}")
    parts.append(f"Source: {item.source}")
    return _wrap(parts)


def _why(bucket: Bucket) -> str:
    """Say what a bucket means for a system that wants to be open."""
    return {
        Bucket.OSI_APPROVED: "The Open Source Initiative has approved it: it satisfies for code, data information and parameters.",
        Bucket.FREE: "It is no licence that the Open Source Initiative has approved, and lets everybody use, study, modify and share: it "
        "satisfies for data information and parameters, not for code.",
        Bucket.RESTRICTED: "It is not approved, and cannot be: an open licence restricts neither who may use the work nor what for (Open Source "
        "Definition 5 and 6). What it restricts:",
        Bucket.UNKNOWN: "Nobody has read what it allows, or it names a family of licences only: it satisfies nothing until somebody has.",
        Bucket.UNSTATED: "No terms are stated: nothing is granted.",
    }[bucket]


def _spell(selectors: Iterable[Selector]) -> str:
    return " or ".join(f"{item.component} {item.claim}{' (' + ', '.join(item.values) + ')' if item.values else ''}" for item in selectors)


def _spell_fitness(asked: Fitness) -> str:
    names = [*asked.accept, *asked.licenses]
    shown = f"{', '.join(names[:-1])} or {names[-1]}" if len(names) > 1 else "".join(names)
    shown += f", never {', '.join(asked.refuse)}" if asked.refuse else ""
    return shown + (f" (preferred: {', '.join(asked.prefer)})" if asked.prefer else "")


def _wrap(parts: Iterable[str], indent: str = "") -> str:
    """Fill each part; all but the first begin with the indent."""
    lines = (
        textwrap.fill(part, WIDTH, initial_indent=indent if place else "", subsequent_indent="    ") for place, part in enumerate(parts)
    )
    return "".join(f"{line}\n" for line in lines)

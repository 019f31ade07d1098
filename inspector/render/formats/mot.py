"""A record as the Model Openness Tool keeps them, written from what was found. What is not known is left out, never guessed.

Only components that a finding says are whole are written; one without a known licence is written as `unlicensed`, for the tool counts a component
without the key under the licence of the distribution. Source: github.com/lfai/model_openness_tool, schema/mof_schema.json.
"""

from collections.abc import Iterator

import yaml

from inspector.errors import UsageError
from inspector.judgement import Finding, Report, Resolution, Verdict
from inspector.licensing.expressions import join_expressions
from inspector.licensing.licenses import load_licenses
from inspector.model import Claim, Component, Evidence, Location, Source, Terms, printable
from inspector.render.contract import Page, ReportFormat
from inspector.requirement import Each
from inspector.scoring.fitness import is_fit
from inspector.scoring.mot_class import Kind, component_kinds
from inspector.scoring.mot_record import load_names

HEAD = """# An evidence mapping by inspector {version}, of what was read in the roots of {name}. It certifies nothing.
# A component is here when it was found whole; what is missing here may exist elsewhere. Read and complete it before you submit it.
# Not known, and left out: version, date, producer, type, architecture, origin, contact. The tool compares licences by their exact ids: a component
# of which parts are under different licences is written as an expression, and does not count there.
"""
THERE = (Verdict.MET, Verdict.TERMS)
HUB = "huggingface.co"


def render(report: Report, _: Page) -> str:
    """Write a record.

    Raises UsageError when the report was not judged by the framework.
    """
    result = next((item for item in report.standards if item.id == "mof"), None)
    if result is None:
        raise UsageError("a record needs a report by the Model Openness Framework: --standard mof")
    findings = {finding.requirement: finding for finding in result.findings}
    components = [
        _component(report, name, kind, findings[kind.rule.id])
        for name, kind in component_kinds().items()
        if findings[kind.rule.id].verdict in THERE and _is_own(report, kind, findings[kind.rule.id])
    ]
    release: dict[str, object] = {"name": _text(report.inventory.name), "license": {}, "producer": "", **dict(_origins(report))}
    record = {"framework": dict(load_names().framework), "release": {**release, "components": components}}
    head = HEAD.format(version=report.tool.version, name=_text(report.inventory.name))
    return head + yaml.safe_dump(record, sort_keys=False, allow_unicode=True, width=120)


def _is_own(report: Report, kind: Kind, finding: Finding) -> bool:
    """Say whether a finding rests on the component itself, not on what stands in for it; the tool has its own rule for that."""
    if finding.attested:
        return True
    selectors = [selector for group in kind.rule.met for selector in group]
    return any(selector.accepts(report.inventory.evidence[index]) for index in finding.because for selector in selectors)


def _component(report: Report, name: str, kind: Kind, finding: Finding) -> dict[str, str]:
    found = {"name": name, "description": _text(finding.reason)}
    under = _resolutions(report, kind, finding)
    found["license"] = _license(under)
    evidence = [report.inventory.evidence[index] for index in finding.because]
    places = [item.location for item in evidence if item.claim is not Claim.LICENSED]
    statements = [report.inventory.evidence[index] for item in under for index in item.because]
    governed = {item.root for item in under}
    places.sort(key=lambda place: place.root not in governed)
    roots = {place.root for place in places[:1]}
    if found["license"] != load_names().unlicensed and statements:
        found["license_path"] = _path(min(statements, key=lambda item: (item.location.root not in roots, not _is_text(item))).location)
    if places:
        found["component_path"] = _path(places[0])
    return found


def _is_text(item: Evidence) -> bool:
    return isinstance(item.details, Terms) and item.details.source is Source.TEXT


def _path(place: Location) -> str:
    return _text(f"{place.root}/{place.path}" if place.path != "." else place.root)


def _resolutions(report: Report, kind: Kind, finding: Finding) -> tuple[Resolution, ...]:
    """Find the terms of a component: of one that is met those that the finding rests on, else all of them, for all of them are in question."""
    components = {selector.component for selector in kind.terms.of}
    all_ = tuple(item for item in report.terms if item.component in components)
    if finding.verdict is not Verdict.MET:
        return all_
    because, licenses = set(finding.because), load_licenses()
    good = [item for item in all_ if item.because and set(item.because) <= because and is_fit(item, kind.terms.fitness, licenses)]
    if kind.terms.each is Each.FILE:
        return tuple(good)
    return tuple(sorted(good, key=lambda item: item.component is not kind.component))[:1]


def _license(under: tuple[Resolution, ...]) -> str:
    """Join what applies together; what is not stated of a part, contradicts itself or counts for less than it says must not be taken for open."""
    if not under or any(item.conflict or item.bucket is not load_licenses().bucket(item.expression or "") for item in under):
        return load_names().unlicensed
    return _text(join_expressions(*(item.expression or "" for item in under)))


def _origins(report: Report) -> Iterator[tuple[str, str]]:
    """Give the addresses that the roots' own records tell: of the first clone, and of the first weights that came from the hub."""
    weights = {item.location.root for item in report.inventory.evidence if item.component is Component.PARAMETERS}
    clones = [root.origin for root in report.inventory.roots if root.layout == "git" and root.origin]
    cached = [root.origin for root in report.inventory.roots if root.layout == "hub-cache" and root.origin and root.name in weights]
    hub = [*(f"{HUB}/{origin}" for origin in cached), *(origin for origin in clones if origin.startswith(f"{HUB}/"))]
    for key, known in (("repository", [origin for origin in clones if origin not in hub]), ("huggingface", hub)):
        if known:
            yield key, _text(f"https://{known[0]}")


def _text(text: str) -> str:
    return printable(text)


FORMAT = ReportFormat("mot.yml", "a record of the Model Openness Tool", render, needs=("mof",))

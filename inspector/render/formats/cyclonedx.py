"""A bill of materials of the system as CycloneDX 1.6: the model with its card, data sets, files with digests, terms, parents, and the verdicts.

A licence is given as concluded only where all weights have terms that are stated, agree and count for what they say; what is merely stated is
evidence. What is not known is left out. The serial number is made of the content, and no time is told unless one is given.
Source: ECMA-424, CycloneDX v1.6, and its schema bom-1.6.
"""

from collections import Counter

from inspector.judgement import Report
from inspector.model import Severity, printable
from inspector.render.addresses import FileIndex, report_id
from inspector.render.contract import Page, ReportFormat
from inspector.render.cyclonedx_claims import declare, define_standards
from inspector.render.cyclonedx_parts import MODEL, Json, properties, ref_of, show_data_set, show_file, show_occurrences, show_stated
from inspector.render.json_text import write_json
from inspector.render.materials import (
    Model,
    describe_model,
    name_sets,
    origin_address,
    package_url,
    parts_of_files,
    stated_in_files,
)

SCHEMA = "http://cyclonedx.org/schema/bom-1.6.schema.json"
POINTER = "git-lfs-pointer"


def render(report: Report, page: Page) -> str:
    """Write a bill of materials, always the same bytes for the same report and time."""
    data = [show_data_set(name, item) for name, item in name_sets(report)]
    files = _files(report)
    model = _model(report, describe_model(report), [str(item["bom-ref"]) for item in data])
    tool = {"type": "application", "name": report.tool.name, "version": report.tool.version}
    refs = [str(item["bom-ref"]) for item in (*data, *files)]
    bill: Json = {
        "$schema": SCHEMA,
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{report_id(report, 'cyclonedx')}",
        "version": 1,
        "metadata": {**({"timestamp": page.created} if page.created else {}), "tools": {"components": [tool]}, "component": model},
        "components": [*data, *files],
        "dependencies": [{"ref": MODEL, "dependsOn": refs}, *({"ref": ref} for ref in refs)],
        "compositions": [{"aggregate": "incomplete" if _is_incomplete(report) else "unknown", "assemblies": [MODEL]}],
    }
    if report.standards:
        bill |= {"definitions": {"standards": define_standards(report)}, "declarations": declare(report)}
    return write_json(bill)


def _model(report: Report, model: Model, data: list[str]) -> Json:
    home = next((root for root in report.inventory.roots if package_url(root)), None)
    counts = Counter(item.severity for item in report.inventory.issues)
    facts = {f"grade:{item.id}": item.ladder.title if item.ladder else item.grade for item in report.standards}
    facts |= {f"issues:{level}": str(counts[level]) for level in Severity} | {"unread": str(len(report.inventory.problems))}
    facts["terms"] = model.concluded or "not concluded: see the report"
    links = [
        {"type": "distribution" if root.layout == "hub-cache" else "vcs", "url": address}
        for root in report.inventory.roots
        if (address := origin_address(root))
    ]
    described: Json = {
        "type": "machine-learning-model",
        "bom-ref": MODEL,
        "name": model.name,
        "version": model.version,
        "purl": package_url(home) if home else "",
        "licenses": [{"expression": printable(model.concluded), "acknowledgement": "concluded"}] if model.concluded else [],
        "externalReferences": links,
        "evidence": _evidence(model),
        "pedigree": _pedigree(model),
        "modelCard": _card(model, data),
        "properties": properties(facts),
    }
    return {key: value for key, value in described.items() if value}


def _evidence(model: Model) -> Json:
    found: Json = {"licenses": show_stated(model.stated), "occurrences": show_occurrences(model.places)}
    return {key: value for key, value in found.items() if value}


def _pedigree(model: Model) -> Json:
    """Name what the model says that it was made from; that it is true, nobody has checked."""
    parents = [
        {
            "type": "machine-learning-model",
            "bom-ref": ref_of("parent", item.expression),
            "name": item.expression,
            "evidence": {"occurrences": show_occurrences(item.locations)},
        }
        for item in model.parents
    ]
    return {"ancestors": parents, "notes": "Parents as the bundle declares them."} if parents else {}


def _card(model: Model, data: list[str]) -> Json:
    parameters: Json = {
        "architectureFamily": ", ".join(model.families),
        "modelArchitecture": ", ".join(model.architectures),
        "datasets": [{"ref": ref} for ref in data],
    }
    limits = [{"name": f"The licence restricts: {text}"} for text in model.restricts]
    card: Json = {
        "modelParameters": {key: value for key, value in parameters.items() if value},
        "considerations": {"ethicalConsiderations": limits} if limits else {},
    }
    return {key: value for key, value in card.items() if value}


def _files(report: Report) -> list[Json]:
    index = FileIndex(report.inventory.files)
    parts, stated = parts_of_files(report, index), stated_in_files(report, index)
    return [
        show_file(item, parts.get((item.root, item.path), ()), stated.get((item.root, item.path), ())) for item in report.inventory.files
    ]


def _is_incomplete(report: Report) -> bool:
    """Say whether something is known to be missing; that nothing is, is never said."""
    inventory = report.inventory
    return bool(inventory.problems) or any(item.format == POINTER for item in inventory.files)


FORMAT = ReportFormat("bom.cdx.json", "a bill of materials for Dependency-Track and its like (CycloneDX 1.6 ML-BOM)", render)

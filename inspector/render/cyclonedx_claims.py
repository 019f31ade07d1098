"""Verdicts as CycloneDX carries them: a standard's requirements as definitions, and an attestation that maps each to how far it is met."""

from inspector.judgement import Finding, Report, Verdict
from inspector.model import printable
from inspector.render.cyclonedx_parts import Json
from inspector.render.rule_help import explain_requirement
from inspector.wording import join_sentences

ASSESSOR = "assessor"
HOLDS = (Verdict.MET, Verdict.NOT_APPLICABLE)


def define_standards(report: Report) -> list[Json]:
    """Define each standard by its requirements, in its order."""
    found: list[Json] = []
    for result in report.standards:
        asked = [
            {
                "bom-ref": _requirement(result.id, finding),
                "identifier": finding.requirement,
                "title": finding.title,
                "text": explain_requirement(finding, result).meaning,
            }
            for finding in result.findings
        ]
        found.append({"bom-ref": f"standard:{result.id}", "name": result.title, "version": result.version, "requirements": asked})
    return found


def declare(report: Report) -> Json:
    """Map each requirement to its verdict. Only what is met, or does not apply, scores: there is no half of a requirement."""
    told = [
        {
            "summary": printable(join_sentences(f"{result.grade}: {result.reason}", result.disclaimer)),
            "assessor": ASSESSOR,
            "map": [
                {
                    "requirement": _requirement(result.id, finding),
                    "conformance": {"score": float(finding.verdict in HOLDS), "rationale": _reason(finding)},
                }
                for finding in result.findings
            ],
        }
        for result in report.standards
    ]
    name = f"{report.tool.name} {report.tool.version}"
    return {"assessors": [{"bom-ref": ASSESSOR, "thirdParty": True, "organization": {"name": name}}], "attestations": told}


def _reason(finding: Finding) -> str:
    """Say how a verdict was reached, and that a person states it where nothing that was read does."""
    stated = "A person states it" if finding.attested else ""
    return printable(join_sentences(f"{finding.verdict}: {finding.reason}", stated, finding.missing))


def _requirement(standard: str, finding: Finding) -> str:
    return f"requirement:{standard}:{finding.requirement}"

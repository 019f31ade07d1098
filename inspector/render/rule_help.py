"""What rules and requirements mean, for formats that explain a result where it is shown. All of it is text of our own, none of a bundle."""

import re
from functools import cache

from inspector.errors import UsageError
from inspector.gate import Breach
from inspector.judgement import Finding, StandardResult
from inspector.model import Frozen, Severity
from inspector.rule_catalogue import Subject, load_rules
from inspector.scoring.catalogue import load_standard

SHIPPED = re.compile(r"[a-z0-9]+")
UNREAD = "inspector.unread"
BREACHES: dict[str, str] = {
    Breach.STANDARD: "A standard that the policy asks for is not met.",
    Breach.TERMS: "Terms that the policy does not allow.",
    Breach.FORMAT: "A file of a format that the policy forbids.",
    Breach.FILE: "A file that the policy asks for is not there.",
    Breach.UNREAD: "Something could not be read, and the policy forbids that.",
}
ADDRESSES = (
    (re.compile(r"CVE-\d{4}-\d{4,}"), "https://nvd.nist.gov/vuln/detail/{}"),
    (re.compile(r"GHSA(?:-[0-9a-z]{4}){3}"), "https://github.com/advisories/{}"),
    (re.compile(r"(?<=arXiv )\d{4}\.\d{4,5}"), "https://arxiv.org/abs/{}"),
)


class Help(Frozen, frozen=True):
    """A rule as a reader meets it: a title, what it means, where that is known from, and what it is about."""

    id: str
    title: str
    meaning: str
    severity: Severity
    tags: tuple[str, ...]
    security: bool = False
    references: tuple[str, ...] = ()
    address: str = ""


def explain_rule(rule: str, severity: Severity) -> Help:
    """Explain the rule of an issue; one that the catalogue does not know has the severity of the issue."""
    entry = load_rules().get(rule)
    if entry is None:
        return Help(id=rule, title=f"{rule}.", meaning="The catalogue of rules has no entry for it.", severity=severity, tags=("issue",))
    security = entry.about in {Subject.SAFETY, Subject.INTEGRITY}
    return Help(
        id=rule,
        title=entry.title,
        meaning=entry.why,
        severity=entry.severity,
        tags=(entry.about, *(("security",) if security else ()), *_weaknesses(entry.references)),
        security=security,
        references=entry.references,
        address=_address(entry.references),
    )


def explain_requirement(finding: Finding, result: StandardResult) -> Help:
    """Explain a requirement: what the standard asks for and why, where the program ships that standard, else its title."""
    asked = _asks(result.id, result.version).get(finding.requirement, ("", ()))
    return Help(
        id=finding.requirement,
        title=f"{result.title} {result.version}: {finding.title}.",
        meaning=asked[0] or f"{result.title} {result.version} asks for it ({finding.element}). {result.disclaimer}",
        severity=Severity.MEDIUM,
        tags=("requirement", result.id),
        references=asked[1],
    )


def explain_unread() -> Help:
    """Explain what it means that something could not be read."""
    return Help(
        id=UNREAD,
        title="Something could not be read.",
        meaning="A file breaks its format, or could not be opened. Nothing is known of what was not read, and it is never called clean.",
        severity=Severity.MEDIUM,
        tags=("problem",),
    )


def explain_breach(rule: str) -> Help:
    """Explain a rule of a policy's own."""
    meaning = "The policy that the bundle was held against does not allow it; the message names the key of the policy that asks."
    return Help(id=rule, title=BREACHES[rule], meaning=meaning, severity=Severity.HIGH, tags=("policy",))


@cache
def _asks(standard: str, version: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Give what a standard that ships with the program asks for; nothing of one of the user's own, whose file is not read again."""
    try:
        found = load_standard(standard) if SHIPPED.fullmatch(standard) else None
    except UsageError:
        found = None
    if found is None or found.version != version:
        return {}
    return {item.id: (f"{item.ask} {item.why}".strip(), (item.source,) if item.source else ()) for item in found.requirements}


def _weaknesses(references: tuple[str, ...]) -> tuple[str, ...]:
    """Tag a rule with the numbers of its weaknesses, as code scanning reads them."""
    return tuple(f"external/cwe/{text.casefold()}" for text in references if re.fullmatch(r"CWE-\d+", text))


def _address(references: tuple[str, ...]) -> str:
    """Give the page of the first reference that has one."""
    for text in references:
        for pattern, address in ADDRESSES:
            if found := pattern.search(text):
                return address.format(found[0])
    return ""

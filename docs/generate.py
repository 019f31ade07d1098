"""Write what in docs/ comes from the code and the tables: the report's schema, every detector, requirement and rule. `make schema` runs it."""

from functools import cache
from pathlib import Path

from inspector.catalogue import load_standard
from inspector.explain import SHIPPED, explain, spell_wants
from inspector.known_texts import TABLE, write_known_texts
from inspector.license_texts import list_full_texts
from inspector.registry import load_registry
from inspector.render.json import report_schema
from inspector.render.safety import safety_schema
from inspector.rule_catalogue import load_rules

TOP = Path(__file__).parent


@cache
def generated_pages() -> dict[Path, str]:
    """Make every generated page: its path and its text."""
    return {
        TOP / "schema" / "report-1.json": report_schema(),
        TOP / "schema" / "safety-1.json": safety_schema(),
        TOP / "detectors.md": detectors_page(),
        TOP / "requirements.md": requirements_page(),
        TOP / "rules.md": rules_page(),
        TOP.parent / "inspector" / "standards" / TABLE: write_known_texts(list_full_texts()),
    }


def detectors_page() -> str:
    """Describe every detector and crosscheck from its own documentation."""
    registry = load_registry()
    parts = ["# Detectors", "Generated from the detectors themselves by `make schema`."]
    for item in registry.detectors:
        claims = ", ".join(sorted(f"{component} {claim}" for component, claim in item.emits)) or "its format only"
        parts += [f"## {item.id}", item.doc, f"Wants: {spell_wants(item.wants)}", f"Can say: {claims}"]
    for check in registry.crosschecks:
        parts += [f"## {check.id}", check.doc, "A crosscheck: it runs over what was read in all files."]
    return "\n\n".join(parts) + "\n"


def requirements_page() -> str:
    """Describe every requirement from the standards' tables."""
    parts = ["# Requirements", "Generated from the standards' tables by `make schema`."]
    for standard in (load_standard(name) for name in SHIPPED):
        parts += [f"## {standard.title} {standard.version}", standard.disclaimer]
        for rule in standard.requirements:
            parts += [f"### {rule.id}", "```\n" + explain(rule.id) + "```"]
    return "\n\n".join(parts) + "\n"


def rules_page() -> str:
    """Describe every rule that an issue can have, from the tables of their families."""
    parts = [
        "# Rules",
        "Generated from `inspector/standards/rules/` by `make schema`. A rule `*.name` is shared by formats: `gguf.name` is one of it.",
    ]
    for rule in load_rules().entries:
        parts += [f"## {rule.id}", rule.title, f"About {rule.about}, severity up to {rule.severity}. {rule.why}"]
        if rule.references:
            parts.append(f"See: {', '.join(rule.references)}.")
    return "\n\n".join(parts) + "\n"


def main() -> None:
    """Write all pages."""
    for path, text in generated_pages().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(path.relative_to(TOP.parent))


if __name__ == "__main__":
    main()

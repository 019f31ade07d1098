"""Write what in docs/ comes from the code and the tables: schemas, commands, functions, detectors, requirements, rules. `make schema` runs it."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.text import Text

from docs.command_reference import commands_page
from docs.python_reference import python_page
from inspector import inspect, judge
from inspector.bundle import Entry, File, open_root, walk
from inspector.detector import Detector, Format, Found, Said
from inspector.errors import Malformed
from inspector.explain import SHIPPED, explain, group_formats, spell_wants
from inspector.licensing.known_texts import TABLE, write_known_texts
from inspector.licensing.license_texts import list_full_texts
from inspector.model import Claim, Component, Weights
from inspector.registry import load_registry
from inspector.render import Format as Written
from inspector.render import render
from inspector.render.formats.json import report_schema
from inspector.render.safety import safety_schema
from inspector.render.verification import verification_schema
from inspector.rule_catalogue import load_rules
from inspector.scoring.catalogue import load_standard
from inspector.tables import read_shipped
from sample_bundles.build import all_systems, build

BEGIN, END = "<!-- formats: written by `make schema` -->", "<!-- end of formats -->"
COLUMNS = 100
FONT_FACE = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
PRESENT = (Component.PARAMETERS, Claim.PRESENT)
TOP = Path(__file__).parent


@cache
def generated_pages() -> dict[Path, str]:
    """Make every generated page: its path and its text."""
    return {
        TOP / "schema" / "report-1.json": report_schema(),
        TOP / "schema" / "safety-1.json": safety_schema(),
        TOP / "schema" / "verification-1.json": verification_schema(),
        TOP / "detectors.md": detectors_page(),
        TOP / "formats.md": formats_page(),
        TOP / "requirements.md": requirements_page(),
        TOP / "cli.md": commands_page(),
        TOP / "python.md": python_page(),
        TOP / "policy.md": policy_page(),
        TOP.parent / "README.md": readme_page(),
        TOP / "rules.md": rules_page(),
        TOP / "pythia.svg": terminal_picture(),
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


def formats_page() -> str:
    """List every format in a row: its detector, how it is recognised, whether its parameters are counted in the samples."""
    counted, parts = count_samples(), ["# Formats", "Generated from the detectors and the samples by `make schema`."]
    parts.append(
        "`inspector list formats` says of each what is read and what cannot be known. *Counted* says that a sample's parameters are: tensors "
        "by dtype and shape. *Present* says that the format holds parameters that cannot be counted, or that no sample shows."
    )
    for package, names in group_formats().items():
        rows = ["| format | detector | recognised by | parameters |", "| --- | --- | --- | --- |"]
        for name in names:
            for item in load_registry().detectors:
                if name in item.formats and str(item.look.__globals__["__name__"]).split(".")[-2] == package:
                    present = PRESENT in item.emits
                    word = "counted" if (item.id, name) in counted else "present" if present else ""
                    wants = spell_wants(item.wants).replace("|", "\\|")
                    rows.append(f"| {name} | {item.id} | {wants[:160]}{'...' if len(wants) > 160 else ''} | {word} |")
        parts += [f"## {package.capitalize()}", "\n".join(rows)]
    return "\n\n".join(parts) + "\n"


def count_samples() -> frozenset[tuple[str, str]]:
    """Read the samples, and give the detectors and formats that counted parameters in one of them."""
    found = set[tuple[str, str]]()
    with tempfile.TemporaryDirectory() as top:
        for system in all_systems():
            roots = [open_root(build(system, Path(top)) / root.name) for root in system.roots]
            for entry in (entry for root in roots for entry in walk(root) if isinstance(entry, Entry)):
                with entry.open() as file:
                    for item in (item for item in load_registry().wanting(file) if PRESENT in item.emits):
                        found |= {(item.id, name) for name in _count(list(_hear(item, file)))}
    return frozenset(found)


def _hear(item: Detector, file: File) -> Iterator[Said]:
    with suppress(Malformed):
        yield from item.look(file)


def _count(said: list[Said]) -> set[str]:
    names = {told.name for told in said if isinstance(told, Format)}
    counts = any(isinstance(told, Found) and isinstance(told.details, Weights) and told.details.parameters for told in said)
    return names if counts else set()


def readme_page() -> str:
    """Write the README's list of formats again, between its marks."""
    before, _, rest = (TOP.parent / "README.md").read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    rows = ["| read | formats | which |", "| --- | --- | --- |"]
    rows += [f"| {package} | {len(names)} | {', '.join(names)} |" for package, names in group_formats().items()]
    return f"{before}{BEGIN}\n\n" + "\n".join(rows) + f"\n\n{END}{after}"


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


def policy_page() -> str:
    """Show the policy that `inspector policy init` writes: every key, explained."""
    parts = [
        "# Policies",
        "Generated from `inspector/standards/new-policy.toml` by `make schema`; `inspector policy init` writes the same file.",
    ]
    parts.append("[Gate a repository](ci.md) says how it is used and what counts.")
    return "\n\n".join([*parts, f"```toml\n{read_shipped('new-policy.toml').decode()}```"]) + "\n"


def terminal_picture() -> str:
    """Draw the first part of the report of the sample `pythia` as a terminal shows it; the picture names no font that would be fetched."""
    system = next(item for item in all_systems() if item.name == "pythia")
    first, *others = system.roots
    with tempfile.TemporaryDirectory() as top:
        place = build(system, Path(top))
        report = judge(inspect([place / first.name], supplements=[(root.role, place / root.name) for root in others if root.role]))
    text = render(report, Written.TERMINAL, width=COLUMNS, color=True)
    shown = Text.from_ansi(text[: text.index("Issues (")].rpartition("\n")[0])
    console = Console(width=COLUMNS, record=True, file=StringIO(), force_terminal=True, color_system="truecolor", _environ={})
    console.print(shown)
    told = " ".join(f"--with {root.role}={root.name}/" for root in others)
    drawn = FONT_FACE.sub("", console.export_svg(title=f"inspector audit {first.name}/ {told}"))
    return "\n".join(line.rstrip() for line in drawn.splitlines()) + "\n"


def main() -> None:
    """Write all pages."""
    for path, text in generated_pages().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(path.relative_to(TOP.parent))


if __name__ == "__main__":
    main()

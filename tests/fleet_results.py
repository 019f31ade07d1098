"""Results of large fleets for tests and measurements of pages: tables with rows that no bundle was read for, hostile names among them."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from inspector.fleet import site as site_pages
from inspector.fleet.journal import Complete, Journal
from inspector.fleet.parts import _Part
from inspector.fleet.plan import Plan, Shard
from inspector.fleet.policy_rows import ViolationRow
from inspector.fleet.query import open_tables
from inspector.fleet.rows import BundleRow, GradeRow, IssueRow, Row, TermRow
from inspector.fleet.site.history import list_history
from inspector.fleet.site.overview import gather_overview
from inspector.fleet.site.policy import gather_held
from inspector.model import Severity
from tests.pages import HOSTILE

STORES = ("/srv/models", "/home/pool/hub")
GRADES = ("incomplete", "incomplete", "incomplete", "incomplete", "terms-only", "incomplete", "conforms")
RULES = (
    *(("pickle.unexpected-global", "high"), ("template.escape", "high"), ("terms.laundering", "medium"), ("terms.missing-text", "low")),
    *(("archive.overlap", "medium"), ("shards.missing", "low"), ("name.bidirectional", "note"), ("made.up-rule", "note")),
)
TERMS = (
    *(("Apache-2.0", "osi-approved"), ("CC-BY-NC-4.0", "restricted"), (None, "unstated"), ("MIT", "osi-approved"), ("CC-BY-4.0", "free")),
    *(("LicenseRef-unknown", "unknown"), ("LicenseRef-scancode-llama-2-license-2023", "restricted")),
)
COMPONENTS = ("parameters-final", "tokenizer", "model-card", "inference-code", "datasets", "architecture")
OWNERS = ("laboratory", "university", "acme", "open-models", "tiny")
KINDS = ("base", "chat", "instruct", "vision", "embed", "reward")


def write_results(
    top: Path, count: int, run: str = "night", shift: int = 0, started: str = "2026-01-31T00:00:00Z", *, policy: bool = False
) -> Path:
    """Write the tables of a complete run over so many bundles; `shift` makes another run of them differ, `policy` holds them against one."""
    journal, plan = Journal(top, run), Plan("0.1.0", STORES, ("osaid",), digest=True, started=started, policy="ab" * 32 if policy else "")
    journal.begin(plan)
    with _Part(journal, "part-00000.parquet") as part:
        for number in range(count):
            for table, row in make_rows(number, shift, policy=policy):
                part.add(table, row)
    journal.mark_complete(Shard(), Complete(plan.started, count))
    return top


def name_bundle(number: int) -> str:
    """Name a bundle; every 97th has a hostile name."""
    kind, owner = KINDS[number % len(KINDS)], OWNERS[number * 7 % len(OWNERS)]
    hostile = f" {HOSTILE[number // 97 % len(HOSTILE)]}" if number % 97 == 0 else ""
    return f"models/{owner}/{kind}-{number % 70 + 1}b-{number:05d}{hostile}".encode("utf-8", "backslashreplace").decode()


def make_rows(number: int, shift: int, *, policy: bool = False) -> Iterator[tuple[str, Row]]:
    """Make the rows of a bundle; every 211th has no report."""
    place = name_bundle(number)
    failed, seed = number % 211 == 5, number * 31 + number // 7
    grade = GRADES[(number + shift * (number % 17 == 0)) % len(GRADES)]
    broken = [] if number % 3 else [RULES[(seed + shift * (number % 11 == 0)) % len(RULES)], RULES[seed // 5 % len(RULES)]]
    broken = [] if failed else list(dict.fromkeys(broken))
    key = sha256(f"{place} {grade} {broken}".encode()).hexdigest()[:32]
    worst = min((severity for _, severity in broken), key=[*Severity].index, default="")
    unfit = (
        []
        if failed or not policy
        else list(filter(None, ("policy.format" if number % 4 == 1 else "", "policy.terms" if number % 10 == 1 else "")))
    )
    standing = ("unjudged" if failed else "violated" if unfit else "holds") if policy else ""
    problems = 3 if number % 41 == 0 and not failed else 0
    yield "bundles", BundleRow(
        key, f"/srv/{place}", STORES[number % 9 == 0], place, place, "directory", "key-files", "failed" if failed else "audited",
        f"the process that read it ended (signal {9 + number % 3})" if failed else "", f"owner/{number}" if number % 4 == 0 else "", "",
        0 if failed else 8 + number % 50, 0 if failed else seed**3 % 10**11, None, "", "", len(broken), worst, problems, standing, len(unfit),
    )  # fmt: skip
    if failed:
        return
    for rule, severity in broken:
        yield "issues", IssueRow(key, rule, severity, f"{rule} in {place}", "", "r", "model.bin", None, None, 1)
    for rule in unfit:
        told = (
            rule,
            "formats.forbid = @pickle",
            "pickle",
            f"{rule} in {place}",
            "Ask for other files.",
            "",
            "",
            "",
            "r",
            "model.bin",
            None,
            None,
            1,
        )
        yield "violations", ViolationRow(key, *told, "violated", "", "")
    if policy and number % 12 == 2 and not failed:
        excused = (
            "policy.file",
            "files",
            "CARD.md",
            "there is no card",
            "Write one.",
            "",
            "",
            "",
            "r",
            "",
            None,
            None,
            0,
            "excused",
            "ml-platform",
            "2099-06-30",
        )
        yield "violations", ViolationRow(key, *excused)
    for offset, component in enumerate(COMPONENTS[: 2 + number % 5] if number % 13 else COMPONENTS[1:]):
        expression, bucket = TERMS[(number + offset * (number % 6 == 0)) % len(TERMS)]
        yield "terms", TermRow(key, component, "r", expression, bucket, number % 101 == 0 and offset == 0, 1, "it is stated")
    yield "grades", GradeRow(key, "osaid", "1.0", grade, None, "because")


def write_lists(results: Path, site: Path) -> Path:
    """Write all pages of a site but those of bundles, as if these were there."""
    with open_tables(results) as tables:
        site_pages.claim(site)
        ids = frozenset(str(name) for rows in tables.walk(site_pages.IDS, 500) for (name,) in rows)
        plan, held = Journal(results, tables.run).read_plan(), gather_held(tables)
        overview = gather_overview(tables, list_history(results, tables), held, plan)
        site_pages.write_lists(site, tables, ids, overview, plan, held)
    return site

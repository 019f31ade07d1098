"""A site over the results of a fleet: one page that is searched without a server, pages that need no script, and a page for every bundle.

    index.html          totals, issues, terms, runs; all bundles to search
    rules.html          what the rules mean, and which bundles break them
    bundles/N.html      all bundles, 500 a page
    reports/ID.html     the page of a bundle, as `inspector audit --format html` writes it, with a link back
    site.json           that this is such a site, and which program made its pages
    policy.json         digests of what the run's policy says of each bundle, so that pages of which it says something else are made again

What is said of a bundle goes through the same templates as the page of a report: cleaned and escaped in one place.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

import msgspec

from inspector import __version__
from inspector.decoding import decode_json
from inspector.errors import UsageError
from inspector.fleet.journal import Journal, remove_file, replace_file
from inspector.fleet.plan import Plan
from inspector.fleet.query import Tables, open_tables
from inspector.fleet.site.history import list_history
from inspector.fleet.site.listing import NOT_HELD, ROWS, Row, walk_rows
from inspector.fleet.site.overview import Overview, gather_overview
from inspector.fleet.site.policy import Held, gather_held, gather_results
from inspector.fleet.site.report_pages import ID, list_pages, make_pages
from inspector.fleet.site.search_data import SearchData
from inspector.gate import PolicyResult
from inspector.render.html import open_templates, own, render_page
from inspector.tables import fingerprint

SCHEMA = "preferred-form/site/1"
MARK, HELD = "site.json", "policy.json"
FIRST_ROWS = 100
STYLES = ("style.css", "fleet/fleet.css")
SCRIPTS = ("fleet/rows.js", "fleet/search.js")
IDS = "SELECT bundle FROM bundles WHERE status = 'audited' ORDER BY bundle"
Watch = Callable[[int, int, int], None]


class Mark(msgspec.Struct, frozen=True):
    """What is kept beside the pages: that they are a site, and a digest of the program that made them."""

    schema: str
    program: str


@dataclass(frozen=True, slots=True)
class Site:
    """What was made: the run that it shows, bundles, their pages that were made now, were there, or could not be made; runs that are not complete."""

    run: str
    bundles: int
    made: int
    kept: int
    failed: int
    left_out: tuple[str, ...]


def write_site(results: Path, site: Path, *, run: str | None, jobs: int | None, watch: Watch) -> Site:
    """Write the site of a run, the last complete one where none is named; pages of bundles that are there already are not made again.

    Raises UsageError for results that are none, a directory that holds something else, and one that cannot be written.
    """
    with open_tables(results, run=run) as tables:
        try:
            claim(site)
            ids = tuple(str(name) for rows in tables.walk(IDS, ROWS) for (name,) in rows if ID.fullmatch(str(name)))
            plan = Journal(results, tables.run).read_plan()
            held = gather_held(tables)
            told = gather_results(tables, held, plan)
            forget_pages(site, told)
            there = list_pages(site / "reports")
            for name in sorted(there - set(ids)):
                remove_file(site / "reports" / f"{name}.html")
            todo = [name for name in ids if name not in there]
            failed = make_pages(
                results / "reports", site / "reports", todo, jobs or os.cpu_count() or 1, lambda done: watch(done, len(todo), 0), told
            )
            overview = gather_overview(tables, list_history(results, tables), held, plan)
            write_lists(site, tables, frozenset(ids) - failed, overview, plan, held)
        except OSError as error:
            raise UsageError(f"{site}: the site cannot be written there: {error.strerror}") from error
        return Site(tables.run, overview.totals.bundles, len(todo) - len(failed), len(ids) - len(todo), len(failed), tables.left_out)


def claim(site: Path) -> None:
    """Make the directory, or see that it is one of ours; pages of bundles that another program made are removed.

    Raises UsageError when it holds something else, or cannot be written.
    """
    mark, mine = site / MARK, msgspec.json.encode(Mark(SCHEMA, _program()))
    try:
        if site.exists() and any(site.glob("*")) and not _is_site(mark):
            raise UsageError(f"{site}: it is not empty, and no site of this program; name another directory")
        for part in ("reports", "bundles"):
            (site / part).mkdir(parents=True, exist_ok=True)
        if not mark.exists() or _read(mark) != mine:
            for name in list_pages(site / "reports"):
                remove_file(site / "reports" / f"{name}.html")
            replace_file(mark, mine)
    except OSError as error:
        raise UsageError(f"{site}: the site cannot be written there: {error.strerror}") from error


def forget_pages(site: Path, told: Mapping[str, PolicyResult]) -> None:
    """Remove the pages of bundles of which a policy says something else than when they were made; the day alone is nothing else."""
    new = {name: sha256(msgspec.json.encode(msgspec.structs.replace(item, day=date.min))).hexdigest()[:32] for name, item in told.items()}
    try:
        old = decode_json(_read(site / HELD), dict[str, str])
    except (OSError, msgspec.MsgspecError):
        old = {}
    for name in sorted(list_pages(site / "reports")):
        if old.get(name) != new.get(name):
            remove_file(site / "reports" / f"{name}.html")
    replace_file(site / HELD, msgspec.json.encode(new, order="sorted"))


def _is_site(mark: Path) -> bool:
    try:
        return decode_json(_read(mark), Mark).schema == SCHEMA
    except (OSError, msgspec.MsgspecError):
        return False


def _read(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read()


def _program() -> str:
    """Tell what makes the pages: this program, and its templates."""
    environment, digest = open_templates(), sha256(fingerprint().encode())
    for name in sorted(environment.list_templates()):
        source = environment.loader.get_source(environment, name)[0] if environment.loader else ""
        digest.update(f"{name}\0{len(source)}\0{source}".encode())
    return digest.hexdigest()[:32]


def write_lists(
    site: Path, tables: Tables, pages: frozenset[str], overview: Overview, plan: Plan | None, held: Mapping[str, Held] = NOT_HELD
) -> None:
    """Write all pages but those of bundles."""
    standards, told = tuple(judged.id for judged in overview.standards), {"overview": overview, "plan": plan, "program": __version__}
    data = SearchData(standards, {row.component: row.title for row in overview.matrix})
    count, first = -(-overview.totals.bundles // ROWS), tuple[Row, ...]()
    for number, rows in enumerate(walk_rows(tables, pages, held), 1):
        data.add(rows)
        first = first or rows[:FIRST_ROWS]
        start = (number - 1) * ROWS + 1
        _write(site / "bundles" / f"{number}.html", "fleet/bundles.html", (), **told, rows=rows, number=number, count=count, start=start)
    for path in site.glob("bundles/*.html"):
        if path.stem.isdecimal() and int(path.stem) > count:
            remove_file(path)
    _write(site / "rules.html", "fleet/rules.html", (), **told, pages=pages)
    searched, encoded = data.count, own(data.encode())
    _write(site / "index.html", "fleet/index.html", SCRIPTS, **told, rows=first, count=count, data=encoded, searched=searched, pages=pages)


def _write(path: Path, template: str, scripts: tuple[str, ...], **values: object) -> None:
    page = render_page(template, STYLES, scripts, **values)
    replace_file(path, page.encode("utf-8", "backslashreplace"), sync=False)

"""`inspector fleet` and `query`: all bundles of stores, and questions to what was found."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inspector.commands.application import app
from inspector.commands.fleet_site import claim_site, write_site, write_site_of
from inspector.console import columns, is_colored, pace, reported, row_columns, say, write
from inspector.errors import ExitCode, UsageError
from inspector.options import Form, Output, PolicyFile, Standards, TableForm, choose_standards, fleet_memo

if TYPE_CHECKING:
    from inspector.fleet.plan import Shard
    from inspector.fleet.run import Result

Site = Annotated[Path | None, typer.Option("--html", metavar="SITE", help="Make a directory of pages for a browser: SITE/index.html.")]
Stores = Annotated[
    list[str], typer.Argument(metavar="STORE...", help="Directories with bundles: caches, stores, plain ones; or s3://bucket/models.")
]
Scheduler = Annotated[
    str | None, typer.Option("--scheduler", metavar="ADDRESS", help="Have the workers of a Dask cluster read the bundles: tcp://...")
]
Against = Annotated[
    str | None,
    typer.Option("--baseline", metavar="RUN", help="Fail only on what is new against this run in DIR; `last`: the last one before."),
]
NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"


@app.command(name="fleet")
def audit_fleet(
    stores: Stores,
    results: Annotated[Path, typer.Option("--results", metavar="DIR", help="Where reports and tables go; a run that ended goes on there.")],
    run: Annotated[str | None, typer.Option("--run", metavar="NAME", help="Name the run (default: the time), or go on with it.")] = None,
    standard: Standards = None,
    policy: PolicyFile = None,
    baseline: Against = None,
    shard: Annotated[str | None, typer.Option("--shard", metavar="k/n", help="Audit the k-th of n parts of the bundles only.")] = None,
    jobs: Annotated[int | None, typer.Option("-j", "--jobs", min=1, max=256, help="Bundles at once (default: one a processor).")] = None,
    scheduler: Scheduler = None,
    digest: Annotated[bool, typer.Option("--digest/--no-digest", help="Compute the SHA-256 of every file.")] = True,
    seconds: Annotated[float, typer.Option(min=1, help="Processor time a bundle may take, beside one second for 20 MiB of hashing.")] = 600,
    memory: Annotated[int, typer.Option(min=512, help="The addresses (MiB) that one bundle may take.")] = 4096,
    retry: Annotated[bool, typer.Option("--retry-failed", help="Audit again what failed in the run that goes on.")] = False,
    memo: Annotated[bool, typer.Option("--memo/--no-memo", help="Do not read again what was read before and did not change.")] = True,
    form: Annotated[Form, typer.Option("--format", help="How to write what the run comes to.")] = Form.TERMINAL,
    output: Output = None,
    html: Site = None,
) -> None:
    """Audit all bundles of stores, each as `inspector audit` does, and keep reports and tables. A run that was ended goes on where it was.

    Exit codes: 0 done; 1 policy violated, or something new; 2 wrong usage; 3 bundles failed, or a store was not seen whole; 4 no bundles; 70 a bug.
    """
    from inspector.fleet.order import Settings
    from inspector.fleet.run import Request, run_fleet
    from inspector.policies.check import load_policy

    with reported(), pace() as watch:
        rules = load_policy(policy) if policy else None
        asked = [demand.name for demand in (rules.standards if rules else ())]
        settings = Settings(choose_standards(standard or [], asked, (Form.JSON,)), digest, seconds, memory, fleet_memo(wanted=memo))
        names, now = (_read_name("--run", run), _read_name("--baseline", baseline)), datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        request = Request(tuple(stores), results, settings, now, names[0], _read_part(shard), scheduler, jobs, retry, rules, names[1])
        claim_site(html)  # before a run, which can take hours, and not after it
        result = run_fleet(request, say, watch)
        text = _render(result, str(results), form, output)
    write(text, output)
    write_site_of(result.run, results, html, jobs)
    raise typer.Exit(_exit_code(result, results))


@app.command()
def query(
    results: Annotated[Path, typer.Argument(metavar="DIR", help="What `inspector fleet --results` wrote.")],
    sql: Annotated[str | None, typer.Argument(metavar="SQL", help="One SELECT over the views that docs/fleet.md lists.")] = None,
    terms: Annotated[bool, typer.Option("--terms", help="Bundles by the terms of each component.")] = False,
    grades: Annotated[bool, typer.Option("--grades", help="Every bundle with its grade and what is open.")] = False,
    pickles: Annotated[bool, typer.Option("--pickles", help="What loading pickles could run.")] = False,
    laundering: Annotated[bool, typer.Option("--laundering", help="Terms that were left behind on the way.")] = False,
    violations: Annotated[bool, typer.Option("--violations", help="What the policy of the run does not allow.")] = False,
    news: Annotated[bool, typer.Option("--news", help="What is new against the baseline of the run.")] = False,
    duplicates: Annotated[bool, typer.Option("--duplicates", help="The same weights in several bundles.")] = False,
    since: Annotated[str | None, typer.Option("--changed-since", metavar="RUN", help="What is new, gone or changed since a run.")] = None,
    run: Annotated[str | None, typer.Option("--run", metavar="NAME", help="Ask this run (default: the last complete one).")] = None,
    form: Annotated[TableForm, typer.Option("--format", help="How to write the answer.")] = TableForm.TABLE,
    output: Output = None,
    html: Site = None,
    whole: Annotated[bool, typer.Option("--all", help="Show all rows of a table, not the first 200.")] = False,
) -> None:
    """Ask the tables of a fleet: one of the questions that are ready, or SQL that reads; or make pages of them with --html.

    Exit codes: 0 done; 2 wrong usage; 70 a bug.
    """
    from inspector.fleet import answers
    from inspector.fleet.query import ask, load_questions

    ready = {"terms": terms, "grades": grades, "pickles": pickles, "laundering": laundering, "violations": violations, "news": news}
    with reported():
        named = {**ready, "duplicates": duplicates, "changed-since": since is not None, "html": html is not None}
        chosen = _choose(named, sql)
        if html is not None:
            write_site(results, html, run, None)
            return
        answer = ask(results, load_questions()[chosen].sql if chosen else sql or "", run=run, since=since)
        if form is TableForm.TABLE:
            text = answers.answer_table(answer, width=None if output else row_columns(), color=is_colored() and output is None, whole=whole)
        else:
            text = answers.answer_csv(answer) if form is TableForm.CSV else answers.answer_json(answer)
    if answer.left_out:
        say(f"inspector: not complete, and left out: {', '.join(answer.left_out)}")
    write(text, output)


def _choose(named: Mapping[str, bool], sql: str | None) -> str:
    """Give the name of the question that was asked; nothing where it is SQL. Raises UsageError where it is not one."""
    chosen = [name for name, is_asked in named.items() if is_asked]
    if len(chosen) + (sql is not None) != 1:
        words = {"changed-since": "changed-since RUN", "html": "html SITE"}
        raise UsageError(f"ask one question: SQL, or one of {', '.join(f'--{words.get(name, name)}' for name in named)}")
    return chosen[0] if chosen else ""


def _render(result: "Result", results: str, form: Form, output: Path | None) -> str:
    from inspector.fleet.summary import fleet_json, render_summary

    width, color = (100, False) if output else (columns(), is_colored())
    return fleet_json(result, results) if form is Form.JSON else render_summary(result, results, width=width, color=color)


def _exit_code(result: "Result", results: Path) -> ExitCode:
    """Choose the exit code: what violates a policy, or is new, comes before what could not be read."""
    if result.is_violated and result.is_compared:
        count = result.tally.worse
        told = "1 bundle has" if count == 1 else f"{count:,} bundles have"
        say(f"inspector: {told} something new that fails; `inspector query {results} --news` names each cause")
    elif result.is_violated:
        count = result.tally.policy["violated"]
        told = "1 bundle violates" if count == 1 else f"{count:,} bundles violate"
        say(f"inspector: {told} the policy; `inspector query {results} --violations` names each cause")
    if result.is_violated:
        return ExitCode.REQUIREMENT_NOT_MET
    return ExitCode.UNREADABLE if result.is_unread else ExitCode.DONE


def _read_part(shard: str | None) -> "Shard":
    from inspector.fleet.plan import Shard, read_shard

    return read_shard(shard) if shard else Shard()


def _read_name(option: str, run: str | None) -> str | None:
    import re

    if run is not None and not re.fullmatch(NAME, run):
        raise UsageError(f"{option} {run}: letters, digits, dots, dashes and underscores, at most 64")
    return run

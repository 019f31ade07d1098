"""The page of `inspector verify`: the answer first, then the records and what each proves, what is not intact, and what nobody vouches for."""

import re
from collections.abc import Iterator

import msgspec
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from inspector.model import Location
from inspector.render.json_text import write_json, write_schema
from inspector.render.parts import clean, draw, fold, heading, plural, show_issues, show_problems
from inspector.verification.integrity import Answer, FileAnswer, LedgerUse, State, Strength, Verification
from inspector.wording import spell_place

FOLD = 30
DIGITS = re.compile(r"[0-9a-f]{40,}")
ANSWERS = {
    Answer.NOT_INTACT: "bold red",
    Answer.INCOMPLETE: "bold yellow",
    Answer.NOT_ALL_READ: "bold yellow",
    Answer.NOTHING_RECORDED: "bold yellow",
    Answer.PARTLY: "bold green",
    Answer.INTACT: "bold green",
}
STATES = {
    State.CHANGED: "bold red",
    State.SWAPPED: "bold red",
    State.TRUNCATED: "bold red",
    State.MISSING: "red",
    State.EXTRA: "yellow",
    State.NOT_DOWNLOADED: "cyan",
    State.NOT_READ: "yellow",
    State.INTACT: "green",
    State.NOT_RECORDED: "dim",
}
STRENGTHS = {
    Strength.SIGNED: "signed",
    Strength.GIVEN: "given by you",
    Strength.CHAINED: "named by one id",
    Strength.TRAVELS: "came with it",
}
BY_FILE = frozenset({
    "verify.changed", "verify.swapped", "verify.truncated", "verify.missing", "verify.extra", "verify.not-downloaded",
})  # fmt: skip


def render_verification(answer: Verification, *, width: int, color: bool, verbose: bool = False) -> str:
    """Write the answer for a terminal of `width` columns; `verbose` shows every file with all that is recorded of it."""
    return draw(_parts(answer, verbose), width, color)


def verification_json(answer: Verification) -> str:
    """Write the answer as JSON, always the same bytes for the same answer, with a newline at its end."""
    return write_json(answer)


def verification_schema() -> str:
    """Write the JSON Schema of the answer."""
    return write_schema(msgspec.json.schema(Verification))


def _parts(answer: Verification, verbose: bool) -> Iterator[RenderableType]:
    badge, here = f" {answer.answer.replace('-', ' ').upper()} ", sum(item.size is not None for item in answer.files)
    yield Text.assemble((badge, f"{ANSWERS[answer.answer]} reverse"), f"  {clean(answer.name)}  ", (plural(here, "file"), "dim"))
    yield Padding(Text(_sentence(answer)), (0, 0, 0, 1))
    for note in answer.notes:
        yield Padding(Text(f"Note: {clean(note)}", "yellow"), (0, 0, 0, 1))
    several = len(answer.roots) > 1
    yield from _show_records(answer.records, several)
    for state in STATES:
        files = [item for item in answer.files if item.state is state]
        if state in {State.INTACT, State.NOT_RECORDED} and not verbose:
            yield from _name_files(state, files, several)
        else:
            yield from _show_files(state, files, several=several, verbose=verbose)
    yield from show_issues(tuple(issue for issue in answer.issues if issue.rule not in BY_FILE), verbose)
    yield from show_problems(answer.problems, verbose)


def _sentence(answer: Verification) -> str:
    """Say in words what the answer is, and what it is not."""
    counts = {state: sum(item.state is state for item in answer.files) for state in State}
    told = ", ".join(f"{count:,} {state.replace('-', ' ')}" for state, count in counts.items() if count)
    match answer.answer:
        case Answer.NOT_INTACT:
            return f"Something is not as it is recorded: {told or 'see the issues'}."
        case Answer.INCOMPLETE:
            return f"Nothing differs from what is recorded, but not all of it is here: {told}."
        case Answer.NOT_ALL_READ:
            return f"Nothing differs from what is recorded, but not everything could be read: {told or 'no file'}."
        case Answer.NOTHING_RECORDED:
            return "There is no record to verify against: nothing is known of whether these files are intact."
        case Answer.PARTLY:
            return f"What is recorded is intact; of the other files nothing is known: {told}. {_weigh(answer)}"
        case Answer.INTACT:
            return f"Every file is recorded, and all are intact. {_weigh(answer)}"


def _weigh(answer: Verification) -> str:
    strengths = {use.strength for use in answer.records}
    if Strength.SIGNED in strengths:
        return "Whose signature it is, the key or certificate that you gave tells."
    if Strength.GIVEN in strengths:
        return "That is as good as the report that you gave."
    if Strength.CHAINED in strengths:
        return "Compare the commit's id with the publisher's: until then this is consistency, not authenticity."
    return "The records came with the files and are not signed: this is consistency, not authenticity."


def _show_records(records: tuple[LedgerUse, ...], several: bool) -> Iterator[RenderableType]:
    if not records:
        return
    yield heading("Records", "what agreement with each proves")
    table = Table.grid(padding=(0, 2))
    for use in records:
        shown = [spell_place(place).removeprefix("" if several else f"{place.root}/") for place in use.places[:3]]
        where = fold(shown, verbose=True) + (" and others" if len(use.places) > 3 else "")
        amount = f"{plural(use.files, 'file')}{', all of them' if use.complete else ''}"
        body = Group(Text.assemble((use.title, "bold"), f"  {amount}"), Text(clean(use.proves)), Text(clean(where), "dim"))
        table.add_row(Text(STRENGTHS[use.strength]), body)
    yield Padding(table, (0, 0, 0, 1))


def _show_files(state: State, files: list[FileAnswer], *, several: bool, verbose: bool) -> Iterator[RenderableType]:
    if not files:
        return
    yield heading(f"{state.replace('-', ' ').capitalize()} ({plural(len(files), 'file')})")
    table = Table.grid(padding=(0, 2))
    for item in files if verbose else files[:FOLD]:
        body = [Text(clean(_path(item, several)), "bold"), *(Text(clean(line), "dim") for line in _tell(item, verbose))]
        table.add_row(Text(state.replace("-", " "), STATES[state]), Group(*body))
    yield Padding(table, (0, 0, 0, 1))
    if len(files) > FOLD and not verbose:
        yield Padding(Text(f"and {len(files) - FOLD} more (--verbose shows them)", "dim"), (0, 0, 0, 1))


def _tell(item: FileAnswer, verbose: bool) -> Iterator[str]:
    """Say why a file has its answer, each reason once with the records that give it; `verbose` also what other records say."""
    reasons: dict[str, list[str]] = {}
    for check in item.checks:
        if verbose or check.state is item.state:
            word = "" if check.state is item.state else f"{check.state.replace('-', ' ')}: "
            reasons.setdefault(word + check.reason, []).append(spell_record(check.record, item.path))
    yield from (f"{reason} ({', '.join(dict.fromkeys(records))})" for reason, records in reasons.items())


def _name_files(state: State, files: list[FileAnswer], several: bool) -> Iterator[RenderableType]:
    """List files in one paragraph."""
    if files:
        note = "nothing that is recorded proves their content" if state is State.NOT_RECORDED else ""
        yield heading(f"{state.replace('-', ' ').capitalize()} ({plural(len(files), 'file')})", note)
        yield Padding(Text(clean(fold([_path(item, several) for item in files], verbose=False)), "dim"), (0, 0, 0, 1))


def _path(item: FileAnswer, several: bool) -> str:
    return f"{item.root}/{item.path}" if several else item.path


def spell_record(record: Location, path: str) -> str:
    """Write the place of a record in its root, without what the reader knows: the path it is about, and the end of long digests."""
    shown = spell_place(record).removeprefix(f"{record.root}/").removesuffix(f":{path}").removesuffix(f"#{path}")
    return DIGITS.sub(lambda found: found[0][:12], shown)

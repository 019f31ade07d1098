"""What an auditor states and no file in the roots can show: requirement by requirement, with reason, source, name and date.

An attestation answers what reading left open. It never overrides what was read: where terms stand in the way, the document that says otherwise
belongs among the roots. Whatever rests on an attestation is shown as attested.
"""

import datetime as dt
import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from inspector.decoding import decode_toml
from inspector.errors import UsageError
from inspector.judgement import Finding, StandardResult, Verdict

ANSWERS = (Verdict.MET, Verdict.NOT_APPLICABLE)
OPEN = (Verdict.REVIEW, Verdict.ABSENT, Verdict.REFERENCED, Verdict.PARTIAL)
LARGEST = 2**20


class Statement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry as it is written: `[[attest]]`. A source is an address, or a file beside the attestation with its SHA-256."""

    requirement: str
    verdict: Verdict
    reason: str
    by: str
    date: dt.date
    source: str = ""
    file: str = ""
    sha256: str = ""


class AttestationFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file: the system it is about, and its entries."""

    system: str
    attest: tuple[Statement, ...] = ()


def load_attestation(path: Path, requirements: Iterable[str], today: dt.date, system: str = "") -> Mapping[str, Statement]:
    """Read an attestation strictly, by requirement.

    Raises UsageError with the file and the place: another `system` than the one that is asked for, an unknown key, a requirement that does not
    exist or stands twice, no reason, source or name, a verdict that is no answer, a date in the future, a file that is not there or has another
    digest.
    """
    try:
        data = path.read_bytes()[:LARGEST]
        content = decode_toml(data, AttestationFile)
    except OSError as error:
        raise UsageError(f"{path}: it cannot be read: {error.strerror}") from error
    except (msgspec.MsgspecError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: {error}") from error
    if system and content.system != system:
        raise UsageError(
            f"{path}: it is about the system {content.system!r}, and this one is called {system!r} (`system`, its first root's name)"
        )
    known, found = frozenset(requirements), dict[str, Statement]()
    for number, statement in enumerate(content.attest, 1):
        for fault in _faults(statement, known, found, path, today):
            raise UsageError(f"{path}: entry {number} ({statement.requirement}): {fault}")
        found[statement.requirement] = statement
    return found


def _faults(statement: Statement, known: frozenset[str], found: Mapping[str, Statement], path: Path, today: dt.date) -> Iterator[str]:
    if statement.requirement not in known:
        yield "there is no such requirement; `inspector list requirements` lists them"
    if statement.requirement in found:
        yield "it is answered twice"
    if statement.verdict not in ANSWERS:
        yield f"`verdict` must be {' or '.join(ANSWERS)}"
    if not statement.reason.strip() or not statement.by.strip():
        yield "`reason` and `by` must say something"
    if statement.date > today:
        yield f"the date {statement.date} is in the future"
    if bool(statement.source.strip()) == bool(statement.file):
        yield "give `source` (an address) or `file` with `sha256`"
    if statement.file:
        yield from _file_faults(path.parent / statement.file, statement)


def _file_faults(file: Path, statement: Statement) -> Iterator[str]:
    try:
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        yield f"{statement.file} cannot be read: {error.strerror}"
        return
    if digest != statement.sha256.casefold():
        yield f"{statement.file} has changed: its SHA-256 is {digest}"


def attest_finding(finding: Finding, statements: Mapping[str, Statement]) -> Finding:
    """Answer a finding that reading left open; any other is as it was."""
    statement = statements.get(finding.requirement)
    if statement is None or finding.verdict not in OPEN:
        return finding
    source = statement.source or f"{statement.file}, SHA-256 {statement.sha256[:16]}"
    told = f"attested by {statement.by} on {statement.date}: {statement.reason} ({source}); reading alone gives: {finding.verdict}"
    return msgspec.structs.replace(finding, verdict=statement.verdict, reason=told, missing="", attested=True)


def write_questions(system: str, results: Iterable[StandardResult]) -> str:
    """Write an attestation to fill in: every open question with its context, as comments."""
    lines = [
        f"# What reading leaves open of {system}. Fill in what you can answer, and remove the rest.",
        "# `verdict` is `met` or `not_applicable`. Give `source` (an address) or `file` (beside this one) with `sha256`.",
        f"system = {_quote(system)}",
    ]
    for result in results:
        for finding in result.findings:
            if finding.verdict in OPEN and not finding.optional:
                lines += _question(finding)
    return "\n".join(lines) + "\n"


def _question(finding: Finding) -> list[str]:
    return [
        "",
        f"# {finding.title}: {finding.verdict}. {_comment(finding.reason)}",
        f"# {_comment(finding.missing)}",
        "# [[attest]]",
        f"# requirement = {_quote(finding.requirement)}",
        '# verdict = "met"',
        '# reason = ""',
        '# source = ""',
        '# by = ""',
        "# date = 2000-01-01",
    ]


def _quote(text: str) -> str:
    return msgspec.json.encode(text).decode()


def _comment(text: str) -> str:
    """Keep a text in its comment: what comes from a bundle must not become a line of its own."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())

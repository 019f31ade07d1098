"""Identify licence texts and notices with ScanCode, in process: the index is loaded once, and only when a text needs it.

Exact matching answers in milliseconds. Approximate matching is many times slower, so only licence files that exact matching does not explain
get it, up to 200 KB and within a bound on the processor's time. Source: ScanCode Toolkit 32.5, `licensedcode.index`; measured in docs/performance.md.
"""

import gc
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from time import thread_time
from typing import TYPE_CHECKING

from inspector.licensing.expressions import join_expressions
from inspector.licensing.known_texts import KnownText, recognise_text
from inspector.licensing.license_words import grants, restricts
from inspector.model import Span

if TYPE_CHECKING:
    from licensedcode.index import LicenseIndex
    from licensedcode.match import LicenseMatch

APPROXIMATE_LIMIT = 200_000
MOST_SECONDS = 60.0
ENOUGH = 90.0
PROPRIETARY = re.compile(r"\bproprietary\b|\bconfidential\b|\btrade secrets?\b|\bunauthori[sz]ed (use|copying|reproduction)\b", re.I)
# "Licensed under the LAB LICENSE": a notice that names terms.
CLAIM = re.compile(r"\blicen[cs]ed\s[\s#*/;]*under\b|\bunder[\s#*/;]+(the[\s#*/;]+)?(terms|conditions)\b|\bgoverned[\s#*/;]+by\b", re.I)
USUAL_FILE = re.compile(
    r"(?<![A-Z] )\bLICEN[CS]E(\.txt|\.md|\.rst)?\b(?![.-]\w)|(?i:licen[cs]e file|root directory|accompanying|distributed with)"
)
PREFILTER = re.compile(
    r"licen[sc]|copying|copyright|spdx|public domain|permission is hereby|terms of use|acceptable use|redistribution and use|"
    r"all rights reserved|proprietary|confidential|trade secret|unauthori[sz]ed",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Match:
    """A known text in a passage: its SPDX expression, first and last line (from 1), ScanCode's rule, and whether it is a full licence text."""

    expression: str
    start: int
    end: int
    rule: str
    full: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What a passage holds: the texts that were recognised, and the lines that speak of terms and that no known text explains.

    `cut` says that it took too long to hold the passage against all texts: another time more of it may be recognised.
    """

    matches: tuple[Match, ...] = ()
    unexplained: tuple[Span, ...] = ()
    cut: bool = False

    @property
    def expression(self) -> str | None:
        """All recognised terms together: every one of them applies."""
        return join_expressions(*(match.expression for match in self.matches)) or None


class Deadline:
    """The end of the processor's time that this thread may use for one text.

    ScanCode compares the time on the clock with the deadline that it is given, which would give other terms on a busy machine; this one ignores
    that time, and remembers whether it has passed.
    """

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self._end = thread_time() + seconds

    def __lt__(self, clock: float) -> bool:
        self.passed = self.passed or thread_time() > self._end
        return self.passed


def can_hold_terms(text: str) -> bool:
    """Say, without an index, whether a text can hold a statement of terms."""
    return PREFILTER.search(text) is not None


def identify_quickly(text: str, whole: bool) -> Answer | None:
    """Recognise a text without the index: it holds no terms, or it is known whole. None when only the index can tell."""
    if not can_hold_terms(text) and not whole:
        return Answer()
    if known := recognise_text(text):
        return Answer((Match(known.expression, 1, max(1, len(text.splitlines())), known.rule, known.full),))
    return None if can_hold_terms(text) else Answer()


def identify_text(text: str, whole: bool) -> Answer:
    """Recognise the licences in a text. `whole` says that it is a licence file: it is matched approximately too, and must be explained entirely."""
    if (quick := identify_quickly(text, whole)) is not None:
        return quick
    load_index()  # what that takes is no time of the text
    deadline = Deadline(MOST_SECONDS)
    if not whole:
        matches = tuple(_usable(_match(text, deadline, approximate=False)))
        return Answer(matches, tuple(_unnamed(text, matches)), deadline.passed)
    matches, loose = _explain(text, deadline, approximate=False)
    if loose and len(text) <= APPROXIMATE_LIMIT:
        matches, loose = _explain(text, deadline, approximate=True)
        matches, loose = _explain_rest(text, deadline, matches, loose)
    return Answer(tuple(dict.fromkeys(matches)), tuple(dict.fromkeys(loose)), deadline.passed)


@cache
def load_index() -> "LicenseIndex":
    """Load ScanCode's index (2 to 7 seconds, about 1 GB); without the garbage collector, which nearly halves it."""
    scratch = tempfile.TemporaryDirectory(prefix="inspector-")
    os.environ["SCANCODE_TEMP"] = scratch.name
    enabled = gc.isenabled()
    gc.disable()
    try:
        from licensedcode.cache import get_index

        from inspector.licensing.license_candidates import narrow_candidates

        index = get_index()
    finally:
        if enabled:
            gc.enable()
    gc.freeze()
    narrow_candidates(index)
    _keep.append(scratch)
    return index


_keep: list[tempfile.TemporaryDirectory[str]] = []


def list_full_texts() -> Iterator[tuple[str, KnownText]]:
    """List ScanCode's rules that are whole texts or notices and name what they are for certain."""
    for rule in load_index().rules_by_rid:
        expression = rule.license_expression or "unknown"
        certain = rule.relevance == 100 and "unknown" not in expression and not rule.is_false_positive
        if certain and (rule.is_license_text or rule.is_license_notice):
            yield rule.text, KnownText(rule.spdx_license_expression(), rule.identifier, bool(rule.is_license_text))


def _match(text: str, deadline: Deadline, approximate: bool) -> "list[LicenseMatch]":
    return list(load_index().match(query_string=text, approximate=approximate, deadline=deadline))


def _usable(matches: "Iterable[LicenseMatch]") -> Iterator[Match]:
    for match in matches:
        rule = match.rule
        if rule.is_license_clue or rule.is_license_intro or "unknown" in rule.license_expression:
            continue
        if match.coverage() < ENOUGH or rule.license_expression == "warranty-disclaimer":
            continue
        yield Match(rule.spdx_license_expression(), match.start_line, match.end_line, rule.identifier, bool(rule.is_license_text))


def _explain(text: str, deadline: Deadline, approximate: bool) -> tuple[tuple[Match, ...], tuple[Span, ...]]:
    raw = _match(text, deadline, approximate)
    good = tuple(_usable(raw))
    rules = {match.rule for match in good}
    covered = {position for match in raw if match.rule.identifier in rules and match.coverage() >= ENOUGH for position in match.qspan}
    changed = [Span(match.start_line, match.end_line) for match in raw if match.rule.identifier in rules and _lacks_words(match)]
    return good, (*changed, *_about_terms(_loose_words(text, raw, covered)))


def _unnamed(text: str, matches: tuple[Match, ...]) -> Iterator[Span]:
    """List the lines of a notice that close it, or put it under terms that no match names; to lead to the usual licence file is neither."""
    if closed := PROPRIETARY.search(text):
        line = text.count("\n", 0, closed.start()) + 1
        yield Span(line, line)
    for claim in () if USUAL_FILE.search(text) else CLAIM.finditer(text):
        first, last = (text.count("\n", 0, place) + 1 for place in (claim.start(), claim.end()))
        if not any(match.start <= last and first <= match.end for match in matches):
            yield Span(first, last)


def _lacks_words(match: "LicenseMatch") -> bool:
    """Say whether a text was matched although words that grant something were left out of it."""
    missing = set(range(match.rule.length)) - set(match.ispan)
    if not missing:
        return False
    from licensedcode.tokenize import index_tokenizer

    words = list(index_tokenizer(match.rule.text))
    return len(words) != match.rule.length or any(grants(words[place]) for place in missing)


def _loose_words(text: str, raw: "list[LicenseMatch]", covered: set[int]) -> dict[int, set[str]]:
    """Collect, by line, the words that no good match covers. ScanCode gives several spellings one number, so words are taken from the text."""
    lines = [set(re.findall(r"\w+", line.lower())) for line in text.splitlines()]
    if not raw:
        return {number: words for number, words in enumerate(lines, 1) if words}
    query, numbers = raw[0].query, load_index().dictionary
    tokens: dict[int, set[int]] = {}
    for position, line in enumerate(query.line_by_pos):
        if position not in covered:
            tokens.setdefault(line, set()).add(query.tokens[position])
    loose = {line: {word for word in lines[line - 1] if numbers.get(word) in found} for line, found in tokens.items() if line <= len(lines)}
    for line, words in enumerate(lines, 1):
        # Words that ScanCode has never seen have no place in its query: names mostly, but also whole clauses in another language.
        if strange := {word for word in words if word not in numbers and not word.isdigit()}:
            loose.setdefault(line, set()).update(strange)
    return loose


def _explain_rest(
    text: str, deadline: Deadline, matches: tuple[Match, ...], loose: tuple[Span, ...]
) -> tuple[tuple[Match, ...], tuple[Span, ...]]:
    """Look once more at each unexplained part by itself: beside a long licence ScanCode passes over a short one."""
    lines, rest = text.splitlines(), []
    for span in loose:
        found, still = _explain("\n".join(lines[span.start - 1 : span.end]), deadline, approximate=True)
        matches += tuple(replace(match, start=match.start + span.start - 1, end=match.end + span.start - 1) for match in found)
        rest += [Span(part.start + span.start - 1, part.end + span.start - 1) for part in still]
    return matches, tuple(rest)


def _about_terms(loose: dict[int, set[str]]) -> Iterator[Span]:
    """Join neighbouring unexplained lines; keep the runs whose unexplained words can restrict or grant something."""
    run: list[int] = []
    for line in [*sorted(loose), 0]:
        if run and line - run[-1] not in (1, 2, 3):
            if restricts(set().union(*(loose[number] for number in run))):
                yield Span(run[0], run[-1])
            run = []
        run.append(line)

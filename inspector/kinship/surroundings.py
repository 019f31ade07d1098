"""What stands beside weights and tells of their origin (terms, legal texts, tokenizer, sizes, declared parents), and how two of them differ."""

from collections.abc import Iterable, Iterator, Mapping

from inspector.judgement import Report
from inspector.kinship.relation import Whole
from inspector.licensing.lineage import last_name
from inspector.model import (
    Bucket,
    Claim,
    Component,
    Count,
    Evidence,
    Frozen,
    Reference,
    Severity,
    Sizes,
    Source,
    Terms,
    Vocabulary,
)

OWN = frozenset({Source.TEXT, Source.NOTICE, Source.POLICY})
OPEN = (Bucket.OSI_APPROVED, Bucket.FREE)
MOST = 50


class LegalText(Frozen, frozen=True):
    """A licence, notice or policy file: its base name, SHA-256 of its bytes (empty without digests), what it was recognised as, what kind it is."""

    name: str
    sha256: str
    expression: str
    kind: Source


class Surroundings(Frozen, frozen=True):
    """What stands beside weights: the terms of the parameters and their bucket, legal texts, copyright lines, tokenizers, sizes, parents."""

    terms: tuple[str, ...] = ()
    bucket: Bucket = Bucket.UNSTATED
    texts: tuple[LegalText, ...] = ()
    credits: tuple[str, ...] = ()
    tokenizers: tuple[Vocabulary, ...] = ()
    sizes: tuple[Count, ...] = ()
    architectures: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    card: str = ""


class Difference(Frozen, frozen=True):
    """Something beside the weights that is not as with the original: what it is about, both sides, what that means, how much it matters."""

    about: str
    original: str
    suspect: str
    meaning: str
    severity: Severity


def list_texts(report: Report) -> frozenset[tuple[str, str]]:
    """List the files (root, path) whose digests tell copies from changes: legal texts and cards."""
    return frozenset(
        (item.location.root, item.location.path)
        for item in report.inventory.evidence
        if (isinstance(item.details, Terms) and item.details.source in OWN) or item.component is Component.MODEL_CARD
    )


def describe(report: Report, digests: Mapping[tuple[str, str], str]) -> Surroundings:
    """Gather what stands beside the weights of a report, with the SHA-256 of its texts."""
    evidence = report.inventory.evidence
    governing = [item for item in report.terms if item.component is Component.PARAMETERS]
    texts: dict[tuple[str, str], LegalText] = {}
    for item in evidence:
        if isinstance(item.details, Terms) and item.details.source in OWN and len(texts) < MOST:
            name = item.location.path.rpartition("/")[2]
            digest = digests.get((item.location.root, item.location.path), "")
            texts.setdefault((name, digest), LegalText(name=name, sha256=digest, expression=item.value, kind=item.details.source))
    return Surroundings(
        terms=tuple(sorted({item.expression for item in governing if item.expression})),
        bucket=_strictest(item.bucket for item in governing),
        texts=tuple(texts[key] for key in sorted(texts)),
        credits=_distinct(item.details.credit for item in evidence if isinstance(item.details, Terms) and item.details.source in OWN),
        tokenizers=tuple(sorted({item.details for item in evidence if isinstance(item.details, Vocabulary)}, key=lambda item: item.sha256)),
        sizes=next((item.details.sizes for item in evidence if _is_config(item) and isinstance(item.details, Sizes)), ()),
        architectures=_distinct(
            item.value for item in evidence if item.component is Component.ARCHITECTURE and item.claim is Claim.REFERENCED
        ),
        parents=_distinct(
            item.details.target
            for item in evidence
            if item.component is Component.PARAMETERS and item.claim is Claim.DERIVED and isinstance(item.details, Reference)
        ),
        card=next((digests.get((item.location.root, item.location.path), "") for item in evidence if _is_card(item)), ""),
    )


def _is_card(item: Evidence) -> bool:
    return item.component is Component.MODEL_CARD and item.claim is Claim.PRESENT


def _is_config(item: Evidence) -> bool:
    return item.component is Component.MODEL_METADATA and item.claim is Claim.PRESENT


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({text for text in texts if text}))[:MOST]


def _strictest(buckets: Iterable[Bucket]) -> Bucket:
    order = list(Bucket)
    return max(buckets, key=order.index, default=Bucket.UNSTATED)


def hold_surroundings(original: Surroundings, suspect: Surroundings, whole: Whole, name: str) -> tuple[Difference, ...]:
    """Say what differs, and what it means where the weights are related; unlike weights owe each other nothing."""
    related = whole is not Whole.UNRELATED
    found = [*_terms(original, suspect, related), *_texts(original, suspect, related), *_facts(original, suspect)]
    if related and not any(last_name(parent) == last_name(name) for parent in suspect.parents):
        named = ", ".join(suspect.parents) or "no parent"
        severity = Severity.NOTE if whole is Whole.IDENTICAL else Severity.LOW
        found.append(
            _difference("parent", name, f"names {named}", "the weights are related, and nothing here names the original", severity)
        )
    return tuple(sorted(found, key=lambda item: list(Severity).index(item.severity)))


def _difference(about: str, original: str, suspect: str, meaning: str, severity: Severity) -> Difference:
    return Difference(about=about, original=original, suspect=suspect, meaning=meaning, severity=severity)


def _terms(original: Surroundings, suspect: Surroundings, related: bool) -> Iterator[Difference]:
    was, now = " / ".join(original.terms) or "none stated", " / ".join(suspect.terms) or "none stated"
    if was == now:
        return
    if not related:
        yield _difference("terms", was, now, "other terms, of other weights", Severity.NOTE)
    elif not suspect.terms:
        yield _difference("terms", was, now, "the licence was left out: whoever takes the copy does not learn of it", Severity.HIGH)
    elif original.bucket not in OPEN and suspect.bucket in OPEN:
        yield _difference("terms", was, now, "the licence was replaced by a freer one than the original gives", Severity.HIGH)
    elif not original.terms:
        yield _difference("terms", was, now, "the original states no terms: who gave these ones?", Severity.MEDIUM)
    else:
        yield _difference("terms", was, now, "the licence was replaced: ask who was allowed to", Severity.MEDIUM)


def _texts(original: Surroundings, suspect: Surroundings, related: bool) -> Iterator[Difference]:
    if not related:
        return
    digests, names = {text.sha256 for text in suspect.texts if text.sha256}, {text.name.casefold() for text in suspect.texts}
    for text in original.texts:
        if text.sha256 in digests and text.sha256:
            continue
        severity = Severity.HIGH if text.kind is Source.NOTICE else Severity.MEDIUM
        if text.name.casefold() in names:
            yield _difference(f"{text.kind} {text.name}", text.expression, "another text", "the file was changed", severity)
        else:
            yield _difference(f"{text.kind} {text.name}", text.expression, "not here", "the file was left out", severity)
    if lost := [line for line in original.credits if line not in suspect.credits]:
        yield _difference("copyright", "; ".join(lost)[:300], "not here", "the line that names who grants it was left out", Severity.MEDIUM)


def _facts(original: Surroundings, suspect: Surroundings) -> Iterator[Difference]:
    was, now = {item.sha256 for item in original.tokenizers}, {item.sha256 for item in suspect.tokenizers}
    if was and now and not was & now:
        first, second = (f"{max(item.tokens for item in side.tokenizers):,} tokens" for side in (original, suspect))
        yield _difference("tokenizer", first, second, "another vocabulary, or the same written otherwise", Severity.NOTE)
    before, after = ({item.name: item.number for item in side.sizes} for side in (original, suspect))
    for name in sorted(before.keys() & after.keys()):
        if before[name] != after[name]:
            yield _difference(f"configuration {name}", f"{before[name]:,}", f"{after[name]:,}", "another size", Severity.NOTE)
    if original.architectures and suspect.architectures and original.architectures != suspect.architectures:
        yield _difference(
            "architecture", ", ".join(original.architectures), ", ".join(suspect.architectures), "called by another name", Severity.NOTE
        )
    if original.card != suspect.card:
        first, second = ("a card" if side.card else "no card" for side in (original, suspect))
        yield _difference("card", first, second, "the card is another one" if suspect.card else "the card was left out", Severity.NOTE)

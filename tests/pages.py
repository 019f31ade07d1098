"""What tests of pages share: reports with hostile text in every place, a large report, and what a parser of HTML finds in a page."""

from functools import cache
from html.parser import HTMLParser

import msgspec

from inspector.audit import judge
from inspector.judgement import Report
from inspector.model import (
    Certainty,
    Claim,
    Component,
    Count,
    Details,
    Evidence,
    FileRecord,
    Inventory,
    Issue,
    Location,
    NamedSet,
    Problem,
    Reference,
    RootRecord,
    Scope,
    Severity,
    Source,
    Span,
    Terms,
    Weights,
)
from inspector.scan import evidence_order

HOSTILE = (
    "</script><script>window.hit = 1</script>",
    '"><img src="http://nowhere.invalid/a.png" onerror="window.hit = 2">',
    "'><svg onload=window.hit=3>",
    "--><!-- ]]> </style></title></textarea>",
    "{{ 7 * 7 }}{% raw %}{# ${7*7} `",
    "\u202egnp.exe\u2066 \u200b\ufeff",
    "\x00\x1b[2J\x07\r\n\x7f\x9b",
    "&lt;b&gt;&#x3c;i&#x3e; javascript:alert(1)",
    "\udcff\ud800",
)
PLACE = "PLACEHOLDER"
STATEMENTS, EVIDENCE = 20, 1000  # so many places say terms, and anything at all: judging more takes longer than rendering does


class Elements(HTMLParser):
    """Collects the elements of a page: names with attributes, in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def parse(page: str) -> Elements:
    """Parse a page."""
    parser = Elements()
    parser.feed(page)
    parser.close()
    return parser


def report_saying(text: str) -> Report:
    """Make a report that has a text wherever a bundle can put one."""
    return msgspec.convert(_replace(msgspec.to_builtins(_judged()), text), Report)


def _replace(value: object, text: str) -> object:
    if isinstance(value, str):
        return value.replace(PLACE, text)
    if isinstance(value, list | tuple):
        return [_replace(item, text) for item in value]
    return {key: _replace(item, text) for key, item in value.items()} if isinstance(value, dict) else value


@cache
def _judged() -> Report:
    return large_report(PLACE, 1)


def large_report(text: str, times: int) -> Report:
    """Make a report of many files that has a text wherever a bundle can put one, with a number before it where there are several."""
    texts = [text if times == 1 else f"{number} {text}" for number in range(times)]
    places = [Location(root=text, path=said, span=Span(1, 2), pointer=said) for said in texts]
    weights = Weights(format=text, tensors=1, parameters=2, dtypes=(Count(text, 2),))
    terms = Terms(expression=text, scope=Scope.ROOT, source=Source.TEXT, about=text, credit=text)
    kinds: tuple[tuple[Component, Claim, Details | None], ...] = (
        (Component.PARAMETERS, Claim.PRESENT, weights),
        (Component.PARAMETERS, Claim.LICENSED, terms),
        (Component.PARAMETERS, Claim.DERIVED, Reference(kind="model", target=text)),
        (Component.DATASETS, Claim.NAMED, NamedSet(name=text, id=text, url=text, size=text, license=text, share=text)),
        (Component.DATASETS, Claim.DESCRIBED, None),
        (Component.TRAINING, Claim.PRESENT, None),
    )
    evidence = [
        Evidence(
            component=component,
            claim=claim,
            value=said,
            location=place,
            certainty=Certainty.READ,
            detector="made",
            details=details,
            excerpt=text[:200],
        )
        for number, (said, place) in enumerate(zip(texts[:EVIDENCE], places, strict=False))
        for component, claim, details in kinds
        if number < STATEMENTS or claim is not Claim.LICENSED
    ]
    severities = tuple(Severity)
    inventory = Inventory(
        name=text,
        roots=(RootRecord(name=text, revision=text, origin=text),),
        files=tuple(
            FileRecord(root=text, path=f"{number % 97}/{said}", size=number + 1, sha256="0" * 64, format=text if number % 2 else None)
            for number, said in enumerate(texts)
        ),
        evidence=tuple(sorted(evidence, key=evidence_order)),
        issues=tuple(
            Issue(rule="gguf.name", severity=severities[number % 4], message=said, locations=(place,), settle=said)
            for number, (said, place) in enumerate(zip(texts, places, strict=True))
        ),
        problems=tuple(Problem(location=place, reason=said) for said, place in zip(texts, places, strict=True)),
        unclaimed=tuple(places),
        detectors=(),
        notes=(text,),
    )
    return judge(inventory, ("osaid", "mof"))

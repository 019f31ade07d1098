"""Upstream: the terms that come down to weights from what they were made from.

What it sees: the models that cards, adapters, settings and GGUF headers name, and the names of the roots; the sizes of a model and its tokenizer.
What it says: terms of the family, or of the parent where it is among the roots, that reach the derivative too; that sizes or a tokenizer are those
of a family whose terms restrict, where nothing names it.
What it cannot know: whether a name is true, and whether a model with the same sizes was trained from scratch.
Source: the licences' clauses on derivatives, `standards/families.toml`.
"""

from collections.abc import Iterator
from itertools import chain

from inspector.detector import Found, Gathered, crosscheck
from inspector.licensing.families import Family, families_shaped, family_by_tokenizer, family_named, load_families
from inspector.licensing.lineage import Name, list_names
from inspector.model import Claim, Component, Evidence, Issue, Location, Scope, Severity, Sizes, Source, Terms

MOST = 6
SIZES = ("hidden_size", "layers", "heads", "vocabulary")


@crosscheck("upstream", emits={(Component.PARAMETERS, Claim.LICENSED)})
def upstream(gathered: Gathered) -> Iterator[Found | Issue]:
    """Follow the names that weights go by to the terms that come with them."""
    roots = dict.fromkeys(
        item.location.root for item in gathered.evidence if item.component is Component.PARAMETERS and item.claim is Claim.PRESENT
    )
    for root in roots:
        names = tuple(list_names(gathered, root))
        yield from chain.from_iterable(_inherit(gathered, name) for name in names)
        families = {member.id for name in names for member in _trace(name.text)}
        yield from _same_sizes(gathered, root, families)
        yield from _same_tokenizer(gathered, root, families)


def _inherit(gathered: Gathered, name: Name) -> Iterator[Found]:
    """Give the terms of a parent that is here as they are stated there; else those of the family, where they ask to be kept."""
    if name.root is not None:
        for item in gathered.evidence:
            if item.location.root == name.root and _is_stated(item):
                yield _found(item.value, name, f"{name.text}, as {item.location.root}/{item.location.path} states them")
        return
    publisher = ""
    for member in _trace(name.text):
        # A publisher may give what it made from its own model other terms.
        terms = member.terms_of(name.text) if member.publisher != publisher else ()
        if all(item.flows_down for item in terms):
            yield from (_found(item.id, name, member.title) for item in terms)
        publisher = publisher or member.publisher


def _trace(text: str) -> tuple[Family, ...]:
    """List the family that a name claims, and those it was made from."""
    named = family_named(text)
    return (named[0], *load_families().ancestors[named[0].id]) if named else ()


def _is_stated(item: Evidence) -> bool:
    reaches = item.component in (Component.PARAMETERS, Component.UNSPECIFIED) and item.claim is Claim.LICENSED
    return reaches and isinstance(item.details, Terms) and item.details.source in (Source.TEXT, Source.DECLARED)


def _found(expression: str, name: Name, rule: str) -> Found:
    terms = Terms(expression=expression, scope=Scope.TREE, source=Source.INHERITED, rule=rule)
    return Found(Component.PARAMETERS, Claim.LICENSED, expression, name.certainty, details=terms, excerpt=name.text[:200], at=name.at)


def _same_sizes(gathered: Gathered, root: str, named: set[str]) -> Iterator[Issue]:
    for item in gathered.evidence:
        if item.location.root != root or not isinstance(item.details, Sizes):
            continue
        sizes = {size.name: size.number for size in item.details.sizes}
        if set(SIZES) <= sizes.keys():
            hidden, layers, heads, vocabulary = (sizes[name] for name in SIZES)
            shaped = families_shaped(hidden, layers, heads, vocabulary=vocabulary)
            yield from _look_alike(shaped, named, item.location, "lineage.same-sizes", "the sizes of this model are those")


def _same_tokenizer(gathered: Gathered, root: str, named: set[str]) -> Iterator[Issue]:
    for record in gathered.files:
        if record.root == root and record.sha256 and (found := family_by_tokenizer(record.sha256)):
            yield from _look_alike(found, named, Location(root=root, path=record.path), "lineage.same-tokenizer", "this tokenizer is that")


def _look_alike(found: tuple[Family, ...], named: set[str], place: Location, rule: str, what: str) -> Iterator[Issue]:
    if not any(family.flows_down for family in found) or named & {family.id for family in found}:
        return
    titles = [family.title for family in found]
    more = f" and {len(titles) - MOST} more" if len(titles) > MOST else ""
    yield Issue(
        rule=rule,
        severity=Severity.NOTE,
        message=f"{what} of {', '.join(titles[:MOST])}{more}; nothing here says that it comes from there",
        locations=(place,),
        settle="Ask the publisher whether it was trained from scratch: if not, the terms of what it was made from count.",
    )

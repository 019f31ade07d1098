"""The table of data sets that are named: all mentions of one set in one row, with its class and why. Pure.

Mentions are one set if they have one hub id, one address of a data set's page, or one name in the table of well-known sets; a name that nobody knows
joins the only set that goes by it. Versions and sets with ids of their own stay apart. A class comes from what is said of the set or from the
table, never from a likeness: where several are said the stricter one holds, and what nothing is said of is unknown.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from inspector.data_information.corpora import Corpus, bare_address, fold, hub_id, load_corpora
from inspector.data_information.set_words import expression, is_data_place, load_set_words
from inspector.judgement import Access, DataSet
from inspector.licensing.licenses import Licenses
from inspector.model import Bucket, Certainty, Claim, Component, Evidence, Inventory, Location, NamedSet, Reference
from inspector.wording import spell_place

FREE = (Bucket.OSI_APPROVED, Bucket.FREE)
STRICTEST = tuple(Access)
VERSION = re.compile(r"^(.*?[\w)])(?:[ _-](v\.?\d[\w.]*|\d+\.\d[\w.]*|(?:cc-main-)?(?:19|20)\d\d[-_]\d\d)|, (\S.{0,60}))$", re.I)
BRACKETED = re.compile(r"\s?\((v?\d[\w.]*)\)$", re.I)
PAREN = re.compile(r"^(.+?)\s?\([^()]*\)$")


@dataclass(frozen=True, slots=True)
class Mention:
    """A set as one piece of evidence names it. `weak` is the name of a card that only its directory or a plain title gives: alone it makes no row."""

    named: NamedSet
    at: Location
    weak: bool = False


@dataclass(slots=True)
class Group:
    """The mentions of one set so far."""

    key: str
    mentions: list[Mention] = field(default_factory=list)


def list_data_sets(inventory: Inventory, licenses: Licenses) -> tuple[DataSet, ...]:
    """Join the mentions of all roots into one row a set: what is hardest to get first, then by name."""
    rows = [Row(group, licenses).judged() for group in join_mentions(read_mentions(inventory.evidence))]
    return tuple(sorted(rows, key=lambda row: (STRICTEST.index(row.access), row.name.casefold(), row.ids, row.name)))


def read_mentions(evidence: Iterable[Evidence]) -> Iterator[Mention]:
    """Give every mention of a data set: those in prose, and ids that front matter declares."""
    for item in evidence:
        if item.component is not Component.DATASETS:
            continue
        if item.claim is Claim.NAMED and isinstance(item.details, NamedSet):
            yield Mention(item.details, item.location, weak=item.certainty is Certainty.NAMED)
        elif item.claim is Claim.REFERENCED and isinstance(item.details, Reference) and item.details.kind == "dataset":
            target = item.details.target
            ident = hub_id(target) or (target if re.fullmatch(r"[\w.-]+/[\w.-]+", target) else "")
            yield Mention(NamedSet(name=ident or target, id=ident, url=target if "://" in target else ""), item.location)


def join_mentions(mentions: Iterable[Mention]) -> tuple[Group, ...]:
    """Put the mentions of one set together; a name without an id joins the only set with that name, if there is exactly one."""
    groups: dict[str, Group] = {}
    nameless: list[Mention] = []
    for mention in mentions:
        key = _sure_key(mention.named)
        if key:
            groups.setdefault(key, Group(key)).mentions.append(mention)
        else:
            nameless.append(mention)
    owners = _names_of(groups.values())
    for mention in nameless:
        key = f"name:{fold(mention.named.name)}"
        keys = owners.get(fold(mention.named.name), set())
        chosen = next(iter(keys)) if len(keys) == 1 else key
        groups.setdefault(chosen, Group(chosen)).mentions.append(mention)
    return tuple(group for group in groups.values() if not all(mention.weak for mention in group.mentions))


def _sure_key(named: NamedSet) -> str:
    """Give what a mention is the same set by: its well-known set and version, its hub id, its page; empty for a name alone."""
    known = load_corpora()
    if named.id:
        corpus = known.with_id(named.id) or (known.named(named.id) if "/" not in named.id else None)
        return f"corpus:{corpus.id}" if corpus else f"hub:{named.id.casefold()}"
    if found := find_corpus(named.name):
        return f"corpus:{found[0].id}" + (f"@{found[1]}" if found[1] else "")
    if named.url and is_data_place(named.url):
        corpus, address = known.at(named.url), bare_address(named.url).casefold()
        # Below the address of a collection of texts stand other sets as well; one that is its very address is that set.
        same = corpus is not None and (corpus.kind != "text" or address in {place.casefold() for place in corpus.at})
        return f"corpus:{corpus.id}" if corpus and same else f"url:{address}"
    return ""


def find_corpus(name: str) -> tuple[Corpus, str] | None:
    """Find the well-known set that a name stands for, and the version that stands behind it, folded."""
    known = load_corpora()
    if corpus := known.with_id(name) or known.named(name):
        return corpus, ""
    if match := VERSION.match(re.sub(r" (data ?set|corpus)$", "", BRACKETED.sub(r" \1", name), flags=re.I)):
        found, edition = find_corpus(match[1]), (match[2] or fold(match[3])).casefold().removeprefix("v").lstrip(".")
        return (found[0], f"{found[1]} {edition}".strip()) if found else None
    if match := PAREN.match(name):
        return find_corpus(match[1]) if len(match[1]) < len(name) else None
    return None


def _names_of(groups: Iterable[Group]) -> Mapping[str, set[str]]:
    """Map folded names to the groups that go by them: by what they are called, and by the last part of their ids."""
    owners: dict[str, set[str]] = {}
    for group in groups:
        for mention in group.mentions:
            names = {mention.named.name, mention.named.id.rpartition("/")[2]}
            for name in names:
                if name:
                    owners.setdefault(fold(name), set()).add(group.key)
    return owners


class Row:
    """A row in the making: what the mentions of a group come to."""

    def __init__(self, group: Group, licenses: Licenses) -> None:
        self.group, self.licenses = group, licenses
        self.mentions = sorted(group.mentions, key=lambda mention: (not mention.named.card, spell_place(mention.at), mention.named.name))

    @cached_property
    def corpus(self) -> Corpus | None:
        """The well-known set that this is."""
        kind, _, rest = self.group.key.partition(":")
        return load_corpora().by_id.get(rest.partition("@")[0]) if kind == "corpus" else None

    def judged(self) -> DataSet:
        """Make the row."""
        access, reason = min(self._classes(), key=lambda found: STRICTEST.index(found[0]), default=(Access.UNKNOWN, self._unknown()))
        spellings = _distinct(mention.named.name for mention in self.mentions)
        return DataSet(
            name=self._name(spellings),
            access=access,
            reason=reason,
            ids=_distinct(mention.named.id for mention in self.mentions),
            urls=_distinct(mention.named.url for mention in self.mentions if not hub_id(mention.named.url)),
            spellings=spellings,
            sizes=_distinct(mention.named.size for mention in self.mentions),
            shares=_distinct(mention.named.share for mention in self.mentions),
            licenses=self._licenses(),
            usual_license=self.corpus.license if self.corpus else "",
            usual_place=self.corpus.place if self.corpus else "",
            locations=tuple(dict.fromkeys(mention.at for mention in self.mentions)),
            cards=tuple(dict.fromkeys(mention.at for mention in self.mentions if mention.named.card)),
        )

    def _name(self, spellings: tuple[str, ...]) -> str:
        if self.corpus and "@" not in self.group.key:
            return self.corpus.name
        return next((name for name in spellings if "/" not in name), spellings[0])

    def _licenses(self) -> tuple[str, ...]:
        """Give the licences as they are written, one that means the same only once."""
        kept: list[str] = []
        for text in _distinct(mention.named.license for mention in self.mentions):
            if not any(self.licenses.same(self._id(text), self._id(other)) for other in kept):
                kept.append(text)
        return tuple(kept)

    def _id(self, text: str) -> str:
        return self.licenses.canonical(text) or text

    def _classes(self) -> Iterator[tuple[Access, str]]:
        """Give every class that something speaks for, with the sentence that says why; the strictest one will hold."""
        for mention in self.mentions:
            if found := _said_access(mention.named.access):
                yield found, f'called "{mention.named.access}" at {spell_place(mention.at)}'
            address = bare_address(mention.named.url).casefold()
            if address.startswith(tuple(load_set_words().access.catalogues)):
                yield Access.OBTAINABLE, f"in a catalogue that asks for a fee or an agreement: {address.partition('/')[0]}"
        if self.corpus:
            other = "@" in self.group.key
            # What is known of a set need not hold of each of its versions, so that none is called open for that.
            access = Access.PUBLIC if other and self.corpus.access is Access.OPEN else self.corpus.access
            yield access, f"known {'of the set as a whole ' if other else ''}from {self.corpus.source}"
        licensed = [mention for mention in self.mentions if mention.named.license]
        free = [self.licenses.bucket(self._id(mention.named.license)) in FREE for mention in licensed]
        if not all(free) and self.corpus is not None and self.corpus.access is Access.OPEN:
            bound = licensed[free.index(False)]
            yield Access.UNKNOWN, f"stated under {bound.named.license} at {spell_place(bound.at)}, which is not known to be free"
        if licensed and all(free) and self.corpus is None:
            yield Access.OPEN, f"stated under {licensed[0].named.license} at {spell_place(licensed[0].at)}"

    def _unknown(self) -> str:
        if any(mention.named.license for mention in self.mentions):
            return "a licence is stated, and it is not known to be free"
        if any(mention.named.id or mention.named.url for mention in self.mentions):
            return "a place is given, who can get it is not said"
        return "named without a place or terms"


def _said_access(text: str) -> Access | None:
    """Give the class that words on access come to; None for none, or for words that the table does not know."""
    words = load_set_words().access
    classes = (
        (words.unshareable, Access.UNSHAREABLE),
        (words.doubtful, Access.UNKNOWN),
        (words.obtainable, Access.OBTAINABLE),
        (words.public, Access.PUBLIC),
    )
    return next((access for pattern, access in classes if text and expression(pattern).search(text)), None)


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    """Keep each text once, whatever its case, in order."""
    kept: dict[str, str] = {}
    for text in texts:
        if text.strip():
            kept.setdefault(text.strip().casefold(), text.strip())
    return tuple(kept.values())

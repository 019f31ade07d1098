"""Rules on units of prose: which aspects a unit describes, mentions or withholds, and what in it is specific."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from inspector.data_information.signal_table import Phrase, Rule, is_found, load_signals, meets
from inspector.data_information.specifics import Specific, analyse
from inspector.data_information.topics import Stance
from inspector.data_information.units import Unit
from inspector.model import Claim

AROUND = 2
OWN_NAMES = frozenset({"name", "place", "mention", "model", "corpus"})
OWN_AROUND = 6
# An amount that begins a sentence may have a word or two before it: "About 3,000 hours".
BEGINNING = 14


@dataclass(frozen=True, slots=True)
class Place:
    """Where a unit stands: how its section is read, the aspects its heading promises, the units of the section, and words that name the model."""

    stance: Stance
    own: frozenset[str]
    units: Sequence[Unit]
    called: frozenset[str]


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that was met in a unit, with the objects that met it."""

    aspect: str
    claim: Claim
    rule: str
    line: int
    shown: str
    objects: tuple[Specific, ...] = ()


def find_hits(place: Place) -> Iterator[Hit]:
    """List the rules that are met in the units of a section."""
    for number, unit in enumerate(place.units):
        yield from _phrases(unit, load_signals().anywhere, Claim.MENTIONED) if not unit.code else ()
        if place.stance is Stance.CLOSED:
            # Who keeps the training data back may say so below any heading.
            yield from _phrases(unit, load_signals().refusals, Claim.WITHHELD) if unit.spoken and not unit.code else ()
            continue
        if unit.code:
            yield from _commands(unit, place)
            continue
        if not _reaches("open", "", unit, place):
            continue
        refused = tuple(_phrases(unit, load_signals().refusals, Claim.WITHHELD))
        whole = any(hit.aspect == "all" for hit in refused)
        yield from (hit for hit in refused if not whole or hit.aspect == "all")
        yield from _described(number, place, frozenset(hit.aspect for hit in refused)) if not whole else ()
        yield from _phrases(unit, load_signals().mentions, Claim.MENTIONED) if not whole else ()


def _commands(unit: Unit, place: Place) -> Iterator[Hit]:
    """Commands count in text on training data, and below a heading of their aspect."""
    told = place.stance is Stance.DATA or unit.spoken
    for hit in _phrases(unit, load_signals().commands, Claim.DESCRIBED):
        if told or hit.aspect in place.own or (place.stance is Stance.OPEN and hit.aspect == "public-listing"):
            yield hit


def _phrases(unit: Unit, phrases: tuple[Phrase, ...], claim: Claim) -> Iterator[Hit]:
    for phrase in phrases:
        if meets(phrase, unit.text):
            yield Hit(phrase.aspect, claim, phrase.id, unit.line, unit.shown or unit.text)


def _described(number: int, place: Place, refused: frozenset[str]) -> Iterator[Hit]:
    unit = place.units[number]
    for rule in load_signals().rules:
        if rule.aspect not in refused and _reaches(rule.where, rule.aspect, unit, place):
            objects = _meeting(rule, number, place)
            if objects is not None:
                yield Hit(rule.aspect, Claim.DESCRIBED, rule.id, unit.line, unit.shown or unit.text, objects)


def _reaches(where: str, aspect: str, unit: Unit, place: Place) -> bool:
    """Say whether a rule reaches a unit: below a heading of its own, in text on training data, or in a section that may be about anything.

    `told` asks for both of the first: below "Download" alone there are models as often as data.
    """
    if where == "told":
        return aspect in place.own and (place.stance is Stance.DATA or unit.spoken)
    if where == "own":
        return aspect in place.own and (place.stance in {Stance.DATA, Stance.OPEN} or unit.spoken)
    if place.stance is Stance.DATA or unit.spoken:
        return True
    return place.stance is Stance.OPEN and (aspect in place.own or (where == "open" and _is_told(aspect, unit)))


def _is_told(aspect: str, unit: Unit) -> bool:
    """Say whether a sentence tells what was done with data, not what a program does or how a model is built.

    Where sizes of a model stand and no word for data or training does, the names beside them are parts of the model and no origin.
    """
    if aspect == "provenance" and unit.analysis.has("other-size") and not unit.analysis.has("data-word", "trained", "gather"):
        return False
    if not unit.analysis.has("software"):
        return True
    return unit.analysis.has("past") and not unit.analysis.has("other-size")


def _meeting(rule: Rule, number: int, place: Place) -> tuple[Specific, ...] | None:
    """Give the objects that meet a rule in a unit, none if it needs none, and None if it is not met."""
    unit = place.units[number]
    cues = unit.analysis.cues
    if _is_measured(unit) and not (rule.aspect == "processing" and ("decontaminate" in cues or "benchmark" in rule.needs)):
        return None
    if rule.aspect == "labeling" and "negation" in cues and "label-narrow" in cues:
        return None
    if any(name in cues for name in rule.unless) or (rule.never and is_found(rule.never, unit.text)):
        return None
    if (rule.find and not is_found(rule.find, unit.text)) or (rule.also and not any(name in cues for name in rule.also)):
        return None
    if rule.cue and not any(name in cues for name in rule.cue):
        return None
    return _objects(rule, number, place) if rule.needs else ()


def _is_measured(unit: Unit) -> bool:
    """Say whether a sentence is about how good something is; what leads in to a list does not make its items speak of training."""
    cues, own = unit.analysis.cues, analyse(unit.shown).cues if unit.shown else unit.analysis.cues
    splits = "train-word" in cues and any(item.kind == "split-size" for item in unit.objects)
    if splits or "evaluation" not in cues:
        return False
    return "trained" not in cues or ("evaluation" in own and not {"trained", "train-word"} & own.keys())


def _objects(rule: Rule, number: int, place: Place) -> tuple[Specific, ...] | None:
    unit = place.units[number]
    places = [start for name in rule.cue for start in unit.analysis.cues.get(name, ())]
    kinds = frozenset((*rule.needs, *rule.first))
    here = _distinct([item for item in unit.objects if item.kind in kinds], place.called)
    if not here:
        return None
    reach = OWN_AROUND if rule.aspect in place.own else AROUND
    all_of = [*here, *_beside(kinds, number, place, reach)] if rule.near else here
    together = _distinct(all_of, place.called)
    leading = [
        item for item in together if item.kind in (rule.first or rule.needs) and (item not in here or _is_placed(rule, item, places))
    ]
    enough = len(together) >= rule.count and len({item.kind for item in together}) >= rule.kinds
    return tuple(together) if leading and enough else None


def _is_placed(rule: Rule, item: Specific, cues: list[int]) -> bool:
    """Say whether an object stands where the rule asks for it: behind a word of the cue, and not too far from it. A link has no place."""
    if rule.begins:
        return item.start <= BEGINNING
    if not (rule.after or rule.within) or item.kind.endswith("-link"):
        return True
    return any(cue <= item.start and (not rule.within or item.start - cue <= rule.within) for cue in cues)


def _beside(kinds: frozenset[str], number: int, place: Place, reach: int) -> list[Specific]:
    block = place.units[number].block
    near = place.units[max(0, number - reach) : number + reach + 1]
    return [
        item
        for unit in near
        if (unit.block == block or reach == OWN_AROUND) and not unit.code
        for item in unit.objects
        if item.kind in kinds
    ]


def _distinct(objects: Sequence[Specific], called: frozenset[str]) -> list[Specific]:
    """Leave out the model's own name, and the same words said twice or found as two kinds at one place."""
    kept: dict[str, Specific] = {}
    taken: set[int] = set()
    for item in objects:
        words = {word.casefold() for word in item.text.replace("-", " ").split()}
        own = item.kind in OWN_NAMES and words & called
        if not own and not (item.start in taken and item.start and item.text in kept):
            kept.setdefault(item.text.casefold(), item)
            taken.add(item.start)
    return list(kept.values())

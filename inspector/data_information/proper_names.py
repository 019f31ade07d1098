"""Proper names in a sentence: runs of capitalised words, told from the beginning of a sentence, calendars, hardware and languages."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from inspector.data_information.lexicon import Word

LINKS = frozenset(
    {"of", "the", "de", "du", "des", "la", "le", "von", "van", "der", "den", "del", "di", "da", "für", "und", "for", "e.v", "ytre", "y"}
)
PLACING = frozenset({"from", "of", "in", "at", "on", "by", "between", "near", "across", "within", "includes", "include", "including"})
ENDS = ".:!?;|"
SHOUTED = 0.4
MAX_NAME = 8


@dataclass(frozen=True, slots=True)
class Name:
    """A proper name: its words from `first` to `last`.

    `strong` says that it can only be one: two words, an acronym, a digit or capital inside. `placed` says that it stands behind a word such as
    "from", "of", "in" or "by", or in a list that does: what it names is where something comes from, or whose it is.
    """

    first: int
    last: int
    strong: bool
    placed: bool


def find_names(words: tuple[Word, ...], known: Mapping[str, Mapping[int, int]]) -> Iterator[Name]:
    """List the names in a sentence; `known` are the places of lexicons in it. A sentence in capitals has none."""
    plain = {
        place
        for name in ("machinery", "tongue", "method")
        for first, last in known.get(name, {}).items()
        for place in range(first, last + 1)
    }
    capital = [word.text[0].isupper() or _is_mixed(word.text) for word in words]
    if len(words) > 3 and sum(capital) > max(3, SHOUTED * len(words)) and not _looks_listed(words):
        return
    place, before = 0, -3
    while place < len(words):
        if not capital[place] or place in plain or not words[place].text[0].isalpha() or "://" in words[place].text or _opens(words, place):
            place += 1
            continue
        last = _end_of_name(words, capital, place)
        placed = _is_placed(words, place) or place - before <= 2
        if (strong := _is_strong(words, place, last, known)) or not _begins(words, place):
            yield Name(place, last, strong, placed)
        elif not _is_common(words[place].text, place, known):
            yield Name(place, last, strong=False, placed=False)
        before = last if placed else -3
        place = last + 1


def _opens(words: tuple[Word, ...], place: int) -> bool:
    """Say whether a word only has its capital because it begins the sentence: "Following Smith", "Unlike"."""
    return _begins(words, place) and words[place].text.casefold().endswith(("ing", "ly", "ed"))


def _is_common(text: str, place: int, known: Mapping[str, Mapping[int, int]]) -> bool:
    """Say whether a word that begins a sentence is one of the language: it stands in a lexicon, or ends as many words do."""
    return (
        len(text) < 5
        or text.casefold().endswith(("s", "ing", "ed", "ly", "e", "er", "ion"))
        or any(place in ends for ends in known.values())
    )


def _is_placed(words: tuple[Word, ...], place: int) -> bool:
    before = [word.text.casefold() for word in words[max(0, place - 3) : place]]
    return any(word in PLACING for word in before[-2:]) or (bool(before) and before[0] in PLACING and before[-1] in LINKS)


def _looks_listed(words: tuple[Word, ...]) -> bool:
    return sum("," in word.after for word in words) * 4 >= len(words)


def _end_of_name(words: tuple[Word, ...], capital: list[bool], place: int) -> int:
    last = place
    for step in range(place + 1, min(place + MAX_NAME, len(words))):
        if words[step - 1].after.strip("\"'\u201d\u2019") or words[step].before.strip("\"'\u201c\u2018"):
            break
        if capital[step]:
            last = step
        elif words[step].text.casefold().rstrip(".") not in LINKS:
            break
    return last


def _is_mixed(text: str) -> bool:
    """Say whether a word has a capital inside, as names of products have: `openWeb`, `eBay`."""
    return text[:1].islower() and any(char.isupper() for char in text[1:]) and text.isalnum()


def _is_strong(words: tuple[Word, ...], first: int, last: int, known: Mapping[str, Mapping[int, int]]) -> bool:
    run = words[first : last + 1]
    if any(place in known.get("corpus", ()) for place in range(first, last + 1)):
        return True
    if len([word for word in run if word.text[0].isupper()]) > 1 and not (_begins(words, first) and last == first):
        return True
    near = range(max(0, first - 3), min(len(words), last + 3))
    if not _begins(words, first) and any(place in known.get("source-noun", ()) for place in near):
        return True
    text = run[0].text
    inner = any(char.isupper() for char in text[1:]) or any(char.isdigit() for char in text)
    return len(text) > 2 and inner


def _begins(words: tuple[Word, ...], place: int) -> bool:
    """Say whether a word stands where any word has a capital: at the beginning, or after a full stop or colon."""
    return place == 0 or any(char in ENDS for char in words[place - 1].after) or bool(words[place].before.strip("\"'\u201c\u2018("))

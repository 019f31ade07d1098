"""Which of ScanCode's rules can be close to a text, found by an index of their words: the same rules that ScanCode finds by trying all of them.

Approximate matching holds a text against 30,000 rules, one by one, before it aligns it with the best few hundred: nine tenths of its time. How many
words a text shares with every rule is one pass over arrays. What is left to ScanCode are the rules that its own order would put first, and those
that stand level with the last of them; it compares and ranks these as ever, so that its answer is the same.
Source: ScanCode Toolkit 32.5, `licensedcode.match_set.compute_candidates` and `compare_token_sets`.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from licensedcode.index import LicenseIndex
    from licensedcode.query import QueryRun

FIRST_LOOK = 10  # of so many times the candidates that are asked for ScanCode looks at more than their words
DECIMALS = 10
NEAR = 1e-6  # what lies so near to the middle of two tenths is rounded as Python does it

Counts = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]


class RuleWords:
    """The words of all rules that can be matched approximately, by word; and what each rule asks for at least."""

    def __init__(self, index: "LicenseIndex") -> None:
        self.matchable, self._legalese = index.approx_matchable_rids, index.len_legalese
        numbers = sorted(self.matchable)
        words = [index.sets_by_rid[number].tolist() for number in numbers]
        lengths = np.fromiter(map(len, words), np.int64, len(words))
        every = np.fromiter(chain.from_iterable(words), np.int32, int(lengths.sum()))
        order = np.argsort(every, kind="stable")
        self._numbers = np.array(numbers, np.int64)
        self._rules = np.repeat(np.arange(len(numbers), dtype=np.int32), lengths)[order]
        self._starts = np.searchsorted(every[order], np.arange(max(index.dictionary.values(), default=0) + 2))
        rules = [index.rules_by_rid[number] for number in numbers]
        self._least_high = np.array([rule.get_min_high_matched_length(unique=True) for rule in rules], np.int64)
        self._least = np.array([rule.get_min_matched_length(unique=True) for rule in rules], np.int64)
        self._lengths = np.array([rule.get_length(unique=True) for rule in rules], np.int64)
        self._contained = np.array([rule._minimum_containment or 0 for rule in rules], np.float64)  # noqa: SLF001  ScanCode has no other name for it

    def choose(self, words: AbstractSet[int], top: int, threshold: float | None) -> set[int]:
        """Give the rules that can be among the first `top` for a text of these words; with a threshold, those that resemble it as a whole."""
        high = self._count(word for word in words if word < self._legalese)
        shared = high + self._count(word for word in words if word >= self._legalese)
        containment = shared / self._lengths
        enough = (high > 0) & (high >= self._least_high) & (shared >= self._least) & (containment >= self._contained)
        places = np.nonzero(enough)[0]
        shared, containment = shared[places], containment[places]
        resemblance = shared / (len(words) + self._lengths[places] - shared)
        if threshold is not None:
            alike = resemblance >= threshold
            places, shared, containment, resemblance = places[alike], shared[alike], containment[alike], resemblance[alike]
        if len(places) > top:
            least = 0.8 if threshold is None else threshold
            places = places[_first(top, (_round(resemblance) >= least, _round(containment), _round(resemblance**2), _round(shared / 20)))]
        return set(self._numbers[places].tolist())

    def _count(self, words: Iterable[int]) -> Counts:
        """Count, for every rule, how many of some words it has."""
        runs = [self._rules[self._starts[word] : self._starts[word + 1]] for word in words if 0 <= word < len(self._starts) - 1]
        return np.bincount(np.concatenate(runs) if runs else self._rules[:0], minlength=len(self._numbers))


def _first(top: int, keys: tuple[npt.NDArray[np.bool_] | Numbers, ...]) -> npt.NDArray[np.intp]:
    """Give the places of the `top` largest by several keys, the first one first, and of all that are level with the last of them."""
    order = np.lexsort(keys[::-1])[::-1]
    last = order[top - 1]
    level = np.ones(len(order), np.bool_)
    above = np.zeros(len(order), np.bool_)
    for key in keys:
        above |= level & (key > key[last])
        level &= key == key[last]
    return np.nonzero(above | level)[0]


def _round(values: Numbers) -> Numbers:
    """Round to tenths, exactly as Python does."""
    scaled = values * DECIMALS
    rounded = np.rint(scaled) / DECIMALS
    for place in np.nonzero(np.abs(scaled - np.floor(scaled) - 0.5) < NEAR)[0]:
        rounded[place] = round(float(values[place]), 1)
    return rounded


def narrow_candidates(index: "LicenseIndex") -> None:
    """Have ScanCode, in this process, try the rules that can be close to a text only, in place of all."""
    from licensedcode import match_set

    every = match_set.compute_candidates
    known = list[RuleWords]()

    def compute_candidates(
        query_run: "QueryRun",
        idx: "LicenseIndex",
        matchable_rids: AbstractSet[int],
        top: int = 50,
        high_resemblance: bool = False,  # noqa: FBT002  the names and order are ScanCode's
        high_resemblance_threshold: float = 0.8,
        _use_bigrams: bool = False,  # noqa: FBT002  the same
    ) -> object:
        if idx is index and matchable_rids is index.approx_matchable_rids:
            if not known:
                known.append(RuleWords(index))
            words, _ = match_set.build_set_and_mset(query_run.matchable_tokens(), _use_bigrams=_use_bigrams)
            threshold = high_resemblance_threshold if high_resemblance else None
            matchable_rids = known[0].choose(words, FIRST_LOOK * top, threshold)
            if not matchable_rids:
                return []
        return every(query_run, idx, matchable_rids, top, high_resemblance, high_resemblance_threshold, _use_bigrams)

    match_set.compute_candidates = compute_candidates

"""The rules that a text is held against: those that ScanCode would find by trying all of them, in its order."""

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from inspector.licensing.license_texts import load_index
from sample_bundles.build import read_license

if TYPE_CHECKING:
    from types import CellType

KEYS = ("mit", "llama-2-license-2023", "bsd-new")


def make_texts() -> list[str]:
    """Make texts that no exact match explains: cut, joined, with a clause, and one of a few words."""
    texts = [read_license(key) for key in KEYS]
    cut = ["\n".join(line for number, line in enumerate(text.splitlines()) if number % 7) for text in texts]
    joined = [f"{first[:3000]}\n{second[-2000:]}" for first, second in pairwise(texts)]
    return [
        *cut,
        *joined,
        f"{texts[1]}\nNot for military use.\n",
        "The licence of this model forbids commercial use.\n",
        "nothing of terms",
    ]


@pytest.mark.parametrize(("top", "high"), [(10, True), (70, False)])
def test_the_narrowed_search_gives_the_candidates_of_the_whole_one(top: int, high: bool) -> None:
    index = load_index()
    from licensedcode import match_set, query

    narrowed = match_set.compute_candidates
    cells: dict[str, CellType] = dict(zip(narrowed.__code__.co_freevars, narrowed.__closure__, strict=True))
    whole = cells["every"].cell_contents
    for text in make_texts():
        asked = query.build_query(query_string=text, idx=index, text_line_threshold=15, bin_line_threshold=50)
        run = asked.whole_query_run()
        found = narrowed(run, index, index.approx_matchable_rids, top=top, high_resemblance=high)
        assert found == whole(run, index, index.approx_matchable_rids, top=top, high_resemblance=high), text[:80]

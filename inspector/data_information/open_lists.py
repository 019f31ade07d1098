"""Lists of sources that do not end: a sentence names some sets and says, before or behind them, that there are more."""

import re

from inspector.data_information.set_words import expression, load_set_words

NEAR = 40  # characters between the words and the name they belong to
ACTING = re.compile(r"\b(to|train|use|using|run|see)\b", re.I)


def find_open_list(text: str, names: list[tuple[int, int]]) -> str | None:
    """Give the sentence if it leaves sources open beside those that it names (each from where to where, in characters); None if it does not."""
    if not names:
        return None
    rest = load_set_words().rest
    for match in expression(rest.before).finditer(text):
        if any(0 <= start - match.end() <= NEAR and not ACTING.search(text[match.end() : start]) for start, _ in names):
            return text
    for match in expression(rest.behind).finditer(text):
        nearest = max((end for _, end in names if end <= match.start()), default=None)
        if nearest is not None and _is_one_list(text[nearest : match.start()]):
            return text
    return None


def _is_one_list(between: str) -> bool:
    """Say whether what stands between a name and the words belongs to one list: no bracket opens there that the words stand in."""
    return len(between) <= 2 * NEAR and between.count("(") <= between.count(")")

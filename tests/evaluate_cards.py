"""Hold what is said of whole cards of public repositories against labels: `make eval REPOSITORIES=DIR`.

An aspect of a card is right where a place that is said to describe it holds a labelled line, extra where some place does not, and missed where it is
labelled and no place holds a line of it: one aspect can be right and extra.
"""

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from inspector.detector import Found
from inspector.model import Claim, Component
from tests import make
from tests.evaluate import ASPECTS, LABELS, Tally, find_all

Lines = dict[str, tuple[int, ...]]


class CardLabel(msgspec.Struct, forbid_unknown_fields=True):
    """The lines of a card that describe each aspect, and those that experts could see either way."""

    repository: str
    commit: str
    path: str
    split: str
    described: Lines
    may: Lines


class CardLabels(msgspec.Struct):
    """The table of labels."""

    card: tuple[CardLabel, ...]


def read_cards(split: str) -> list[CardLabel]:
    """Read the labels of one split."""
    table = msgspec.toml.decode((LABELS / "cards-public.toml").read_bytes(), type=CardLabels)
    return [label for label in table.card if label.split == split]


def measure_cards(labels: list[CardLabel], top: Path) -> Tally:
    """Measure the cards whose checkouts are below a directory; each is looked at as the card of a bundle is."""
    tally = Tally()
    for label in labels:
        source = top / label.repository.replace("/", "+") / label.path
        if source.is_file():
            with TemporaryDirectory() as place, make.open_file(Path(place) / "bundle", source.name, source.read_bytes()) as file:
                _add(tally, label, find_all(file))
    return tally


def _add(tally: Tally, label: CardLabel, said: list[Found]) -> None:
    tally.places += 1
    for aspect in ASPECTS:
        truth, may = set(label.described.get(aspect, ())), set(label.may.get(aspect, ()))
        spans = [item.span for item in said if (item.component, item.value, item.claim) == (Component.DATASETS, aspect, Claim.DESCRIBED)]
        places = {frozenset(range(span.start, span.end + 1)) for span in spans if span is not None}
        false = sorted(min(lines) for lines in places if not lines & (truth | may))
        tally.right[aspect] += any(lines & truth for lines in places)
        tally.extra[aspect] += bool(false)
        tally.missed[aspect] += bool(truth) and not any(lines & truth for lines in places)
        tally.wrong += [f"extra  {aspect:22} {label.repository}/{label.path}:{line}" for line in false]


def main() -> None:
    """Print the tables, and with --wrong the places of a split that are falsely said to describe."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repositories", type=Path, help="a directory with checkouts of the public repositories")
    parser.add_argument("--wrong", default="", choices=("", "development", "held-out"))
    asked = parser.parse_args()
    for split in ("development", "held-out") if asked.repositories else ():
        tally = measure_cards(read_cards(split), asked.repositories)
        if tally.places:
            sys.stdout.write(f"\n## cards of public repositories, {split} ({tally.places})\n\n" + "\n".join(tally.table(ASPECTS)) + "\n")
            sys.stdout.write("\n".join(sorted(tally.wrong)) + "\n" if asked.wrong == split else "")


if __name__ == "__main__":
    main()

"""Sizes that disagree: what the configuration says of a model, and what the names and shapes of its tensors show.

What it sees: width, number of layers and vocabulary in settings; the same as read from the headers of the weights in the same directory; the tokens
of a tokenizer beside them.
What it says: which of them disagree. The weights are then others than those the configuration was written for, or not all of them.
What it cannot know: sizes of weights whose tensors go by names that are not known. More rows than tokens are usual: vocabularies are padded.
Source: the configurations of transformers; the names of tensors in `standards/tensor-names.toml`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from inspector.detector import Found, Gathered, crosscheck
from inspector.model import Claim, Component, Count, Evidence, Issue, Location, Severity, Sizes, Vocabulary, Weights
from inspector.pure_paths import parent_of

SETTLE = "Fetch the weights and the configuration again from their origin, and compare digests."
Place = tuple[str, str]


@dataclass(slots=True)
class Shown:
    """What the weights of one directory and format show, over all of their files."""

    sizes: dict[str, int] = field(default_factory=dict)
    embeddings: int = 0
    places: list[Location] = field(default_factory=list)

    def add(self, item: Evidence, counts: tuple[Count, ...]) -> None:
        """Take in one file."""
        self.places.append(item.location)
        for count in counts:
            self.embeddings += count.name == "vocabulary"
            self.sizes[count.name] = max(count.number, self.sizes.get(count.name, 0))


@crosscheck("config-sizes")
def config_sizes(gathered: Gathered) -> Iterator[Found | Issue]:
    """Hold configurations and tokenizers against the tensors in the same directory."""
    shown = _show(gathered.evidence)
    for item in gathered.evidence:
        for seen in shown.get(_place(item), {}).values():
            if isinstance(item.details, Sizes) and item.component is Component.MODEL_METADATA:
                yield from _hold_config({size.name: size.number for size in item.details.sizes}, seen, item)
            elif isinstance(item.details, Vocabulary):
                yield from _hold_tokenizer(item.details.tokens, seen, item)


def _show(evidence: Iterable[Evidence]) -> dict[Place, dict[str, Shown]]:
    """Gather what weights show, by directory and format; adapters and training state are parts of models."""
    shown: dict[Place, dict[str, Shown]] = {}
    for item in evidence:
        whole = item.component is Component.PARAMETERS and item.claim is Claim.PRESENT and not item.value.endswith("-adapter")
        if whole and isinstance(item.details, Weights) and item.details.sizes:
            shown.setdefault(_place(item), {}).setdefault(item.details.format, Shown()).add(item, item.details.sizes)
    return shown


def _place(item: Evidence) -> Place:
    return item.location.root, parent_of(item.location.path.split("!/")[0])


def _hold_config(said: dict[str, int], seen: Shown, item: Evidence) -> Iterator[Issue]:
    layers, last = said.get("layers"), seen.sizes.get("last_layer")
    if layers is not None and last is not None and last + 1 < layers:
        yield _issue(
            "config.layers", f"the configuration says {layers} layers, and the last one in the weights is number {last}", seen, item
        )
    hidden, width = said.get("hidden_size"), seen.sizes.get("hidden_size")
    if hidden is not None and width is not None and hidden != width:
        yield _issue("config.width", f"the configuration says a width of {hidden}, the norms in the weights have {width}", seen, item)
    vocabulary, rows = said.get("vocabulary"), seen.sizes.get("vocabulary")
    if vocabulary is not None and rows is not None and seen.embeddings == 1 and rows < vocabulary:
        yield _issue("config.vocabulary", f"the configuration says {vocabulary:,} tokens, the embedding has {rows:,} rows", seen, item)


def _hold_tokenizer(tokens: int, seen: Shown, item: Evidence) -> Iterator[Issue]:
    rows = seen.sizes.get("vocabulary")
    if rows is not None and seen.embeddings == 1 and rows < tokens:
        yield _issue("tokenizer.more-tokens-than-rows", f"the tokenizer has {tokens:,} tokens, the embedding {rows:,} rows", seen, item)


def _issue(rule: str, message: str, seen: Shown, item: Evidence) -> Issue:
    places = (item.location, *seen.places)[:50]
    return Issue(rule=rule, severity=Severity.MEDIUM, message=message, locations=places, settle=SETTLE)

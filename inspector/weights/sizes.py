"""The sizes of a model under the names that configurations and training settings give them."""

from collections.abc import Iterable, Mapping

from inspector.model import Count, Fit

LARGEST = 2**40
COMPARED = ("hidden_size", "layers", "heads")
FEWEST = 2
SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "hidden_size": ("hidden_size", "n_embd", "d_model", "dim", "hidden_dim"),
    "layers": ("num_hidden_layers", "n_layer", "num_layers", "n_layers"),
    "heads": ("num_attention_heads", "n_head", "n_heads", "num_heads"),
    "vocabulary": ("vocab_size", "padded_vocab_size"),
}


def pick_sizes(values: Iterable[tuple[str, object]]) -> tuple[Count, ...]:
    """Pick the sizes out of keys (in lower case, with underscores) and values; the first spelling of each that holds a positive number."""
    held: dict[str, int] = {}
    for key, value in values:
        if (number := _number(value)) is not None:
            held.setdefault(key, number)
    found = ((name, next((held[key] for key in keys if key in held), None)) for name, keys in SPELLINGS.items())
    return tuple(Count(name, number) for name, number in found if number is not None)


def _number(value: object) -> int | None:
    if isinstance(value, str):
        text = value.strip().replace("_", "")
        value = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST)) else None
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < LARGEST else None


def compare_sizes(sizes: Iterable[Count], models: Iterable[Iterable[Count]]) -> Fit:
    """Say how the sizes of settings stand to those of some models: the same as one of them, or unknown where fewer than two can be compared."""
    own = _compared(sizes)
    shared = [(own.keys() & model.keys(), model) for model in map(_compared, models)]
    if not any(len(names) >= FEWEST for names, _ in shared):
        return Fit.UNKNOWN
    same = any(len(names) >= FEWEST and all(own[name] == model[name] for name in names) for names, model in shared)
    return Fit.SAME if same else Fit.OTHER


def _compared(counts: Iterable[Count]) -> dict[str, int]:
    return {count.name: count.number for count in counts if count.name in COMPARED}

"""Comparisons of weights and lineages: for a terminal, the answer first, and as JSON."""

from collections.abc import Iterator, Sequence
from statistics import median

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from inspector.kinship.relation import Kinship, Pair, Relation, Whole
from inspector.kinship.surroundings import Difference
from inspector.render.json_text import write_json
from inspector.render.parts import SEVERITY_STYLE, clean, draw, fold, heading, plural, show_problems
from inspector.subjects import Compared, Lineage

MEANINGS = {
    Whole.IDENTICAL: "every tensor is the same, under the same name, in the same files",
    Whole.REPACKED: "every tensor is the same; names, order, shards or container are not",
    Whole.CAST: "the same numbers in another dtype",
    Whole.QUANTIZED: "the same weights, as near as the quantization allows",
    Whole.EXTENDED: "the same weights, and other rows in the embedding",
    Whole.PRUNED: "the same weights, some of them set to zero",
    Whole.MERGED: "the same weights, changed by an adapter of low rank that was merged into them",
    Whole.TUNED: "trained on from the original, or both from one start",
    Whole.SHARES: "some tensors or layers are the original's, others are not, or not all of them are here",
    Whole.UNRELATED: "no more alike than chance; permuted or rotated weights would look like this too",
}
RECODED = (Relation.CAST, Relation.QUANTIZED)
STYLES = {Whole.UNRELATED: "bold", Whole.SHARES: "bold yellow"}


def render_comparison(compared: Compared, *, width: int, color: bool, verbose: bool = False) -> str:
    """Write a comparison for a terminal of `width` columns."""
    return draw(_comparison(compared, verbose), width, color)


def comparison_json(compared: Compared) -> str:
    """Write a comparison as JSON, with a newline at its end."""
    return _json("preferred-form/comparison/1", "comparison", compared)


def lineage_json(lineage: Lineage) -> str:
    """Write a lineage as JSON, with a newline at its end."""
    return _json("preferred-form/lineage/1", "lineage", lineage)


def _json(schema: str, name: str, value: Compared | Lineage) -> str:
    return write_json({"schema": schema, name: value})


def _comparison(compared: Compared, verbose: bool) -> Iterator[RenderableType]:
    kinship = compared.kinship
    yield _answer(kinship)
    yield heading("Tensors")
    yield Padding(_tensors(kinship), (0, 0, 0, 1))
    if kinship.notes:
        yield heading("What else they show")
        yield from (_line(clean(note)) for note in _folded(kinship.notes, verbose))
    if kinship.left_out:
        many = plural(len(kinship.left_out), "tensor")
        yield _line(f"not here: {many} of the original ({fold(map(clean, kinship.left_out), verbose)})")
    yield from _differences(compared.differences)
    if verbose:
        yield heading("Every tensor")
        yield Padding(_every(kinship.pairs), (0, 0, 0, 1))
    yield from show_problems(compared.problems, verbose)


def _answer(kinship: Kinship) -> RenderableType:
    word = Text(f" {kinship.whole.upper()} ", f"{STYLES.get(kinship.whole, 'bold red')} reverse")
    told = Text.assemble(word, "  ", (clean(kinship.suspect), "bold"), " against ", (clean(kinship.original), "bold"))
    most = max((pair.compared for pair in kinship.pairs), default=0)
    how = (
        "all elements were compared" if kinship.exact else f"at most {most:,} elements of each tensor were compared (--exact compares all)"
    )
    return Group(Padding(told, (1, 0, 0, 0)), _line(f"{MEANINGS[kinship.whole]}."), _line(how, "dim"))


def _tensors(kinship: Kinship) -> Table:
    """Show each relation with its share of the elements, and the middle of the numbers behind it."""
    shares = {share.name: share.number for share in kinship.shares}
    table = Table.grid(padding=(0, 2))
    table.add_row(*(Text(word, "dim") for word in ("", "elements", "tensors", "equal", "cosine", "change", "")))
    for relation in Relation:
        pairs = [pair for pair in kinship.pairs if pair.relation is relation]
        if not pairs:
            continue
        ranks = sorted({pair.rank for pair in pairs if pair.rank is not None})
        extra = f"rank {', '.join(map(str, ranks[:4]))}" if ranks else _encodings(pairs) if relation in RECODED else ""
        numbers = ("", "", "") if relation is Relation.UNRELATED else _middle(pairs)
        share = f"{shares.get(relation, 0) / 10:.1f} %"
        table.add_row(Text(relation, "bold"), *map(Text, (share, f"{len(pairs):,}", *numbers, clean(extra))))
    return table


def _encodings(pairs: Sequence[Pair]) -> str:
    kinds = sorted({f"{pair.original_encoding} to {pair.encoding}" for pair in pairs})
    return ", ".join(kinds[:3]) + (f" and {len(kinds) - 3} more" if len(kinds) > 3 else "")


def _middle(pairs: Sequence[Pair]) -> tuple[str, str, str]:
    return (
        f"{100 * median(pair.equal for pair in pairs):.1f} %",
        f"{median(pair.cosine for pair in pairs):.4f}",
        f"{100 * median(pair.difference for pair in pairs):.2f} %",
    )


def _differences(differences: Sequence[Difference]) -> Iterator[RenderableType]:
    if not differences:
        return
    yield heading("Beside the weights")
    table = Table.grid(padding=(0, 2))
    for item in differences:
        body = Group(
            Text.assemble((clean(item.about), "bold"), "  ", clean(item.meaning)),
            Text.assemble(("original ", "dim"), clean(item.original), ("   suspect ", "dim"), clean(item.suspect)),
        )
        table.add_row(Text(item.severity, SEVERITY_STYLE[item.severity]), body)
    yield Padding(table, (0, 0, 0, 1))


def _every(pairs: Sequence[Pair]) -> Table:
    table = Table.grid(padding=(0, 2))
    for pair in pairs:
        body = [Text(clean(pair.name))]
        if pair.original and pair.original != pair.name:
            body.append(Text.assemble(("of ", "dim"), clean(pair.original)))
        numbers = f"{pair.cosine:.4f} over {pair.compared:,}" + (f", rank {pair.rank}" if pair.rank else "")
        table.add_row(Text(pair.relation, "bold"), Group(*body), Text("constant" if pair.trivial else numbers if pair.compared else ""))
    return table


def _folded(lines: Sequence[str], verbose: bool) -> Sequence[str]:
    return lines if verbose or len(lines) <= 8 else [*lines[:8], f"and {len(lines) - 8} more (--verbose shows them)"]


def render_lineage(lineage: Lineage, *, width: int, color: bool, verbose: bool = False) -> str:
    """Write a lineage for a terminal of `width` columns."""
    return draw(_lineage(lineage, verbose), width, color)


def _lineage(lineage: Lineage, verbose: bool) -> Iterator[RenderableType]:
    related = [item for item in lineage.nearest if item.compared.kinship.whole is not Whole.UNRELATED]
    told = f"{clean(lineage.suspect)}: {plural(len(related), 'known model')} related, of {lineage.known:,} fingerprints"
    yield Padding(Text(told, "bold"), (1, 0, 0, 0))
    table = Table.grid(padding=(0, 2))
    for item in lineage.nearest if verbose else related or lineage.nearest[:1]:
        kinship = item.compared.kinship
        body = [Text.assemble((clean(kinship.original), "bold"), (f"  {clean(item.file)}", "dim"))]
        body.append(Text(f"signs agree {100 * item.agreement:.1f} % beyond chance, median cosine {kinship.median_cosine:.4f}", "dim"))
        body += [
            Text.assemble(
                (f"{difference.severity} ", SEVERITY_STYLE[difference.severity]), f"{clean(difference.about)}: {clean(difference.meaning)}"
            )
            for difference in item.compared.differences
            if verbose or difference.severity in {"high", "medium"}
        ]
        table.add_row(Text(kinship.whole, "bold"), Group(*body))
    yield Padding(table, (0, 0, 0, 1))
    if not related:
        yield _line(
            "None is related. What is not among the fingerprints cannot be found; permuted or rotated weights are not recognised.", "dim"
        )
    if lineage.unread:
        many = plural(len(lineage.unread), "JSON file")
        yield _line(f"no fingerprint: {many} of the directory ({fold(map(clean, lineage.unread), verbose)})", "yellow")


def _line(text: str, style: str = "") -> RenderableType:
    return Padding(Text(text, style), (0, 0, 0, 1))

"""The bundles of a store: for a terminal, grouped by the rule that split them, and as JSON."""

import msgspec
from rich.padding import Padding
from rich.text import Text

from inspector.render.json_text import write_json
from inspector.render.parts import clean, draw, plural
from inspector.store import BundlePlace, Rule, Store, group_by_rule

LONGEST = 4000  # columns: a path that is broken is no path to paste
SCHEMA = "preferred-form/bundles/1"


class BundlesView(msgspec.Struct, frozen=True):
    """A store as others parse it: its bundles, the rules that split it, and whether all of it could be looked into."""

    schema: str
    path: str
    complete: bool
    loose: int
    rules: tuple[Rule, ...]
    bundles: tuple[BundlePlace, ...]


def bundles_json(path: str, store: Store) -> str:
    """Write the bundles of a store as JSON, with a newline at its end."""
    rules = tuple(rule for rule, _ in group_by_rule(store))
    view = BundlesView(SCHEMA, clean(path), store.complete, store.loose, rules, store.places)
    return write_json(view)


def render_bundles(path: str, store: Store, *, width: int, color: bool) -> str:
    """Write the bundles of a store for a terminal: each path on a line of its own, as `inspector audit` takes it."""
    parts: list[Text | Padding] = [Text(f"{plural(len(store.places), 'bundle')} at {clean(path)}", "bold")]
    for rule, places in group_by_rule(store):
        sure = "" if rule.certain else " (a guess)"
        parts.append(Padding(Text.assemble((f"{rule.id}{sure}: ", "bold"), (rule.text, "dim")), (1, 0, 0, 0)))
        parts += [Text.assemble(f" {_word(place)}", (f"  {clean(place.name)}  {place.layout}", "dim")) for place in places]
    if store.loose:
        parts.append(Padding(Text(f"{plural(store.loose, 'file')} beside them, in none of them", "dim"), (1, 0, 0, 0)))
    return draw(parts, max(width, LONGEST), color, most=LONGEST)


def _word(place: BundlePlace) -> str:
    """Give a path as a shell takes it: in `$'...'` where it cannot be shown as it is."""
    if not place.real:
        return clean(place.path)
    return (
        "$'"
        + "".join(chr(byte) if (chr(byte).isalnum() and byte < 128) or byte in b"/._- " else f"\\x{byte:02x}" for byte in place.real)
        + "'"
    )

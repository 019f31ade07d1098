"""Training runs for a terminal: each chain from its entry point to the code that trains and the settings it reads."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from inspector.model import Chain, Fit, Inventory, Step
from inspector.render.parts import clean, heading, plural
from inspector.wording import spell_place

SHOWN = 3
WORDS = {
    Fit.SAME: ("settings of these sizes", "green"),
    Fit.UNKNOWN: ("settings not compared", "yellow"),
    Fit.OTHER: ("settings of other sizes", "red"),
    Fit.NONE: ("no settings", "red"),
}


def show_runs(inventory: Inventory, verbose: bool) -> Iterator[RenderableType]:
    """Show the chains, those whose settings fit the weights first; three of them unless all are asked for."""
    ranked = rank_chains(inventory)
    if not ranked:
        return
    shown = ranked if verbose else ranked[:SHOWN]
    yield heading(f"Training runs ({len(ranked)})", "how entry point, code and settings belong together", "dim")
    table = Table.grid(padding=(0, 2))
    for chain in shown:
        word, style = WORDS[chain.fit]
        table.add_row(Text(word, style), Text(clean(tell_steps(chain.steps))))
    yield Padding(table, (0, 0, 0, 1))
    if len(ranked) > len(shown):
        yield Padding(Text(f"and {plural(len(ranked) - len(shown), 'run')} more", "dim"), (0, 0, 0, 1))


def rank_chains(inventory: Inventory) -> tuple[Chain, ...]:
    """List the chains, those whose settings fit the weights first."""
    chains = [item.details for item in inventory.evidence if isinstance(item.details, Chain)]
    order = tuple(WORDS)
    return tuple(sorted(chains, key=lambda chain: (order.index(chain.fit), -len(chain.steps), spell_place(chain.steps[0].location))))


def tell_steps(steps: tuple[Step, ...]) -> str:
    """Tell a chain in a line: `a.sh:3 runs train.py:31, which reads b.yaml:1`."""
    first, *others = steps
    told = spell_place(first.location)
    code = [step for step in others if step.verb not in {"reads", "sets"}]
    settings = [spell_place(step.location) for step in others if step.verb == "reads"]
    told += "".join(f" {step.verb} {spell_place(step.location)}" for step in code)
    own = [spell_place(step.location) for step in others if step.verb == "sets"]
    told += f"; settings at {', '.join(own)}" if own else ""
    return told + (f"; reads {', '.join(settings)}" if settings else "")

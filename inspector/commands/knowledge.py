"""`inspector list`, `explain` and `memo`: what the program knows, and what it remembers."""

from typing import Annotated

import typer

from inspector.commands.application import app
from inspector.console import reported, write
from inspector.options import Topic, Upkeep, open_memo


@app.command(name="memo")
def keep_memo(action: Annotated[Upkeep, typer.Argument(metavar="ACTION", help="What to do: stats or clear.")]) -> None:
    """Show what is remembered of files that were read before, or forget it. INSPECTOR_MEMO names another file for it, or is `off`."""
    with open_memo(wanted=True, paranoid=False) as known:
        if action is Upkeep.CLEAR:
            known.clear()
        stats = known.stats()
    write(f"{stats.path}\n{stats.records:,} records, {stats.digests:,} digests, {stats.size:,} bytes\n", None)


@app.command(name="list")
def list_topic(
    topic: Annotated[Topic, typer.Argument(metavar="TOPIC", help="What to list: detectors, formats, requirements or rules.")],
) -> None:
    """List the detectors (what each wants), the formats (how each is recognised, what is read), the requirements (what each asks) or the rules."""
    from inspector import explain

    with reported():
        lists = {
            Topic.DETECTORS: explain.list_detectors,
            Topic.FORMATS: explain.list_formats,
            Topic.REQUIREMENTS: explain.list_requirements,
            Topic.RULES: explain.list_rules,
        }
        text = lists[topic]()
    write(text, None)


@app.command(name="explain")
def explain_id(identifier: Annotated[str, typer.Argument(metavar="ID", help="A requirement, a rule, a detector or a licence.")]) -> None:
    """Explain a requirement (osaid.code.training), a rule of issues (keras.code), a detector (gguf) or a licence (bigcode-openrail-m)."""
    from inspector import explain

    with reported():
        text = explain.explain(identifier)
    write(text, None)

"""The twelve sample systems for a terminal: one row a system, with the Initiative's group beside what was found."""

from rich.table import Table
from rich.text import Text

from inspector.judgement import Grade
from inspector.render.parts import draw, plural
from inspector.scoring.sample_answers import Answer

STYLES = {Grade.CONFORMS: "green", Grade.TERMS_ONLY: "yellow", Grade.INCOMPLETE: "red"}
NOTE = (
    "Miniatures written after what the makers of the systems published: they show how evidence is judged, and say nothing of the originals."
)


def render_samples(answers: tuple[Answer, ...], *, width: int, color: bool) -> str:
    """Write the answers as a table, and how many agree."""
    table = Table.grid(padding=(0, 2))
    titles = [part.title.lower() for part in answers[0].elements] if answers else []
    table.add_row(*(Text(title, "dim") for title in ("system", "by reading", *titles, "the Initiative", "agrees", "weights alone")))
    for item in answers:
        elements = (_grade(part.verdict) for part in item.elements)
        table.add_row(Text(item.system), _grade(item.read), *elements, _grade(item.group), _agreement(item), _grade(item.alone))
    agree = sum(item.agrees for item in answers)
    told = Text(f"{agree} of {plural(len(answers), 'system')} agree with the group that the Open Source Initiative put them in.")
    return draw((table, Text(""), told, Text(NOTE, "dim")), width, color)


def _grade(grade: Grade) -> Text:
    return Text(grade, STYLES[grade])


def _agreement(item: Answer) -> Text:
    if item.read is item.group:
        return Text("yes", "green")
    return Text("as attested", "yellow") if item.agrees else Text("no", "red")

"""Places as columns of a fleet's tables have them: the first of several, and its lines."""

from inspector.model import Location, Unit

NOWHERE = Location(root="", path="")


def first_place(places: tuple[Location, ...]) -> Location:
    """Give the first of some places; one without root and path where there is none."""
    return places[0] if places else NOWHERE


def tell_lines(place: Location) -> tuple[int | None, int | None]:
    """Give the first and the last line of a place; none where it is counted otherwise."""
    span = place.span
    return (span.start, span.end) if span is not None and span.unit is Unit.LINES else (None, None)

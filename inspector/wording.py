"""How components and places are written in sentences."""

from inspector.model import Component, Location


def spell_component(component: Component) -> str:
    """Name a component in a sentence on terms: of the data it is the documents whose terms are asked for."""
    return "data information" if component is Component.DATASETS else component


def spell_place(place: Location) -> str:
    """Write a place as people cite it: `root/path:line`, a pointer, or bytes."""
    where = f"{place.root}/{place.path}" if place.path != "." else place.root
    if place.span is None:
        return f"{where}#{place.pointer}" if place.pointer else where
    if place.span.unit == "lines":
        return f"{where}:{place.span.start}" if place.span.start == place.span.end else f"{where}:{place.span.start}-{place.span.end}"
    return f"{where}@{place.span.start}" + (f" ({place.pointer})" if place.pointer else "")


def join_sentences(*texts: str) -> str:
    """Join texts that may lack a full stop and a capital letter; empty ones are left out."""
    told = (text.strip() for text in texts)
    return " ".join(f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith((".", "!", "?")) else ".") for text in told if text)

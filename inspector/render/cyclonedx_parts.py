"""Components of CycloneDX: files, data sets, the places where they were read, and the terms that stand there."""

from collections.abc import Iterable, Mapping

from inspector.judgement import DataSet
from inspector.model import Component, FileRecord, Location, Unit, printable
from inspector.render.addresses import digest_of, web_address
from inspector.render.materials import Stated, file_name, is_listed

Json = dict[str, object]
MODEL = "model"
PREFIX = "preferred-form:"


def ref_of(kind: str, *parts: str) -> str:
    """Name a component by what it is: the same content has the same name in every bill."""
    return f"{kind}:{digest_of(*parts)[:20]}"


def show_file(item: FileRecord, parts: tuple[Component, ...], stated: tuple[Stated, ...]) -> Json:
    """Describe a file: its digest, what it is of the system, and the terms that stand in it, each with its lines."""
    facts = {"format": item.format or "", "size": str(item.size), "components": " ".join(parts)}
    told: Json = {"type": "file", "bom-ref": ref_of("file", item.root, item.path), "name": file_name(item)}
    if item.sha256:
        told["hashes"] = [{"alg": "SHA-256", "content": item.sha256}]
    if stated:
        places = [place for found in stated for place in show_occurrences(found.locations, f"states {found.expression}")]
        told["evidence"] = {"licenses": show_stated(stated), "occurrences": places}
    return {**told, "properties": properties(facts)}


def show_data_set(name: str, item: DataSet) -> Json:
    """Describe a data set that is named: its class and why, sizes and licences as they are written, and every place that names it."""
    facts = {
        "access": item.access,
        "access-reason": item.reason,
        "sizes": "; ".join(item.sizes),
        "shares": "; ".join(item.shares),
        "ids": " ".join(item.ids),
        "usual-license": item.usual_license,
        "usual-place": item.usual_place,
    }
    licenses = [license_of(text) for text in dict.fromkeys(printable(text) for text in item.licenses)]
    links = [{"type": "distribution", "url": address} for text in item.urls if (address := web_address(text))]
    told: Json = {
        "type": "data",
        "bom-ref": ref_of("data", name),
        "name": name,
        "licenses": licenses,
        "externalReferences": links,
        "evidence": {"occurrences": show_occurrences(item.locations)} if item.locations else {},
        "data": [{"type": "dataset", "name": name}],
        "properties": properties(facts),
    }
    return {key: value for key, value in told.items() if value}


def show_stated(stated: Iterable[Stated]) -> list[Json]:
    """List terms as they are stated: an id of the SPDX list as such, everything else by name."""
    return [license_of(item.expression) for item in stated]


def license_of(text: str) -> Json:
    """Write one licence as it is declared."""
    return {"license": {"id" if is_listed(text) else "name": text, "acknowledgement": "declared"}}


def show_occurrences(places: Iterable[Location], context: str = "") -> list[Json]:
    """List places: the path with its root, the line or the byte, and the pointer in a structure; each once."""
    found = []
    for place in dict.fromkeys(places):
        told: Json = {"location": printable(f"{place.root}/{place.path}" if place.path != "." else place.root)}
        if place.span:
            told["line" if place.span.unit is Unit.LINES else "offset"] = max(place.span.start, 0)
        if place.pointer:
            told["symbol"] = printable(place.pointer)
        found.append({**told, "additionalContext": context} if context else told)
    return found


def properties(facts: Mapping[str, str]) -> list[Json]:
    """List facts under names of our own; empty ones are left out."""
    return [{"name": f"{PREFIX}{key}", "value": printable(value)} for key, value in facts.items() if value]

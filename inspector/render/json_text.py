"""JSON as every command writes it: indented by two, a newline at its end, and the same bytes for the same value."""

import msgspec


def write_json(value: object) -> str:
    """Write a value, with its keys in the order that its type or its maker gives them."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n"


def write_schema(schema: object) -> str:
    """Write a JSON Schema, with its keys sorted."""
    return msgspec.json.format(msgspec.json.encode(schema, order="deterministic"), indent=2).decode() + "\n"

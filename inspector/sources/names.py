"""What names stand for in a source file: aliases of imports, and the calls whose results were assigned. Scopes are not looked at."""

from collections.abc import Iterator

MOST_SEGMENTS = 12
MOST_BINDINGS = 4


class Names:
    """Names with what they stand for, each a dotted name as a tuple of its parts."""

    def __init__(self) -> None:
        self.aliases: dict[str, tuple[str, ...]] = {}
        self.bindings: dict[str, list[tuple[str, ...]]] = {}

    def bind(self, target: str, made: tuple[str, ...]) -> None:
        """Note that a name was given the result of a call."""
        held = self.bindings.setdefault(target, [])
        if made not in held and len(held) < MOST_BINDINGS:
            held.append(made)

    def is_imported(self, parts: tuple[str, ...]) -> bool:
        """Say whether a dotted name begins with a name that was imported."""
        return parts[0] in self.aliases

    def resolve(self, parts: tuple[str, ...], depth: int = 4) -> Iterator[tuple[str, ...]]:
        """List what a dotted name can stand for, the name itself first."""
        if parts[0] in self.aliases:
            yield (self.aliases[parts[0]] + parts[1:])[:MOST_SEGMENTS]
            return
        yield parts
        if depth == 0:
            return
        for length in (2, 1):
            for made in self.bindings.get(".".join(parts[:length]), ()) if len(parts) > length else ():
                if made[:length] != parts[:length]:
                    yield from ((*name, *parts[length:])[:MOST_SEGMENTS] for name in self.resolve(made, depth - 1))

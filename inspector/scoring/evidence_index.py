"""Evidence in its order, looked up by component and claim, so that a requirement looks at what it could accept and not at all of it. Pure."""

from collections.abc import Iterable
from functools import cached_property

from inspector.model import Claim, Component, Evidence
from inspector.requirement import Selector


class EvidenceIndex(tuple[Evidence, ...]):  # noqa: SLOT001  what is cached needs a place
    """All evidence of an inventory, as the tuple that it is there."""

    @cached_property
    def _by_kind(self) -> dict[tuple[Component, Claim], list[int]]:
        kinds: dict[tuple[Component, Claim], list[int]] = {}
        for index, item in enumerate(self):
            kinds.setdefault((item.component, item.claim), []).append(index)
        return kinds

    def select(self, selectors: Iterable[Selector]) -> tuple[int, ...]:
        """Give the places of what any of some selectors accepts, in order."""
        found = {
            index
            for selector in selectors
            for index in self._by_kind.get((selector.component, selector.claim), ())
            if selector.accepts(self[index])
        }
        return tuple(sorted(found))

"""The graph of an SPDX document: elements in the order in which they are made, and relationships between them."""

from inspector.render.addresses import digest_of

Json = dict[str, object]


class Graph:
    """Elements of one document. Their ids are its own id with a fragment, so that the same content has the same ids."""

    creation = "_:creation"

    def __init__(self, document: str) -> None:
        self.document = document
        self.elements: list[Json] = []
        self._relationships = 0

    def add(self, kind: str, key: str, **told: object) -> str:
        """Add an element, and give its id."""
        ref = f"{self.document}#{key}"
        self.elements.append({"type": kind, "spdxId": ref, "creationInfo": self.creation, **told})
        return ref

    def relate(self, source: str, kind: str, targets: list[str], **told: object) -> str:
        """Add a relationship from one element to others, and give its id."""
        self._relationships += 1
        return self.add(
            "Relationship", f"relationship-{self._relationships}", **{"from": source}, relationshipType=kind, to=targets, **told
        )

    @staticmethod
    def key_of(root: str, path: str) -> str:
        """Give the fragment of a file's id."""
        return f"file-{digest_of(root, path)[:20]}"

"""Terms in an SPDX document: expressions, each once, the texts that own ids stand for, and what is declared and concluded of each element.

Of a package exactly one licence is declared and one concluded: in doubt that nothing is asserted. Nothing but a file's own header, or its own
metadata, declares terms of that file.
"""

from inspector.judgement import DataSet, Report
from inspector.licensing.expressions import With, join_expressions, parse_expression, walk_terms
from inspector.model import Claim, FileRecord, Location, Scope, Terms, printable
from inspector.render.addresses import FileIndex
from inspector.render.materials import Model, Stated
from inspector.render.spdx_graph import Graph
from inspector.wording import spell_place

NO_ASSERTION = "https://spdx.org/rdf/3.0.1/terms/ExpandedLicensing/NoAssertionLicense"
NONE = "https://spdx.org/rdf/3.0.1/terms/ExpandedLicensing/NoneLicense"
OWN = "LicenseRef-"
MOST = 20


class Licensing:
    """Writes terms into a graph."""

    def __init__(self, graph: Graph, report: Report) -> None:
        self._graph, self._report = graph, report
        self._expressions: dict[str, str] = {}
        self._texts: dict[str, str] = {}
        self._stated: dict[str, list[Location]] = {}
        for item in report.inventory.evidence:
            if item.claim is Claim.LICENSED and isinstance(item.details, Terms):
                for name in _own_ids(item.details.expression):
                    self._stated.setdefault(name, []).append(item.location)

    def declare_model(self, package: str, model: Model) -> None:
        """Say what is stated of the weights, and what they lie under if that is known."""
        nothing = NO_ASSERTION if self._report.inventory.problems else NONE
        declared = self._join(model.stated) if model.stated else nothing
        self._declare(package, declared, self._express(model.concluded) if model.concluded else NO_ASSERTION)

    def declare_data_set(self, package: str, item: DataSet) -> None:
        """Say what texts state of a data set, where that is an expression; nobody has concluded anything."""
        self._declare(package, self._join(tuple(Stated(expression=text, locations=()) for text in item.licenses)), NO_ASSERTION)

    def declare_nothing(self, package: str) -> None:
        """Say that nothing is asserted of what is not here."""
        self._declare(package, NO_ASSERTION, NO_ASSERTION)

    def declare_files(self, files: list[tuple[FileRecord, str]]) -> None:
        """Say which terms files declare for themselves."""
        index = FileIndex(self._report.inventory.files)
        found: dict[tuple[str, str], set[str]] = {}
        for item in self._report.inventory.evidence:
            if item.claim is Claim.LICENSED and isinstance(item.details, Terms) and item.details.scope is Scope.FILE:
                record = index.find(item.location)
                if record:
                    found.setdefault((record.root, record.path), set()).add(item.details.expression)
        for record, ref in files:
            stated = tuple(Stated(expression=text, locations=()) for text in sorted(found.get((record.root, record.path), ())))
            if stated:
                self._graph.relate(ref, "hasDeclaredLicense", [self._join(stated)])

    def _declare(self, package: str, declared: str, concluded: str) -> None:
        self._graph.relate(package, "hasDeclaredLicense", [declared])
        self._graph.relate(package, "hasConcludedLicense", [concluded])

    def _join(self, stated: tuple[Stated, ...]) -> str:
        """Join what is stated; nothing is asserted where any of it is no expression."""
        texts = [item.expression for item in stated]
        if not texts or any(not _is_expression(text) for text in texts):
            return NO_ASSERTION
        return self._express(join_expressions(*texts))

    def _express(self, expression: str) -> str:
        if expression not in self._expressions:
            own = [{"type": "DictionaryEntry", "key": name, "value": self._text(name)} for name in _own_ids(expression)]
            told: dict[str, object] = {"simplelicensing_licenseExpression": expression}
            if own:
                told["simplelicensing_customIdToUri"] = own
            key = f"terms-{len(self._expressions) + 1}"
            self._expressions[expression] = self._graph.add("simplelicensing_LicenseExpression", key, **told)
        return self._expressions[expression]

    def _text(self, name: str) -> str:
        """Say where terms with an id of our own are stated; their words are not repeated."""
        if name not in self._texts:
            places = [spell_place(place) for place in dict.fromkeys(self._stated.get(name, ()))]
            more = f" and {len(places) - MOST} more" if len(places) > MOST else ""
            told = f"The text is not repeated here. Stated at: {', '.join(places[:MOST])}{more}" if places else "The text is not here."
            key = f"own-terms-{len(self._texts) + 1}"
            text = {"name": name, "simplelicensing_licenseText": printable(told)}
            self._texts[name] = self._graph.add("simplelicensing_SimpleLicensingText", key, **text)
        return self._texts[name]


def _is_expression(text: str) -> bool:
    node = parse_expression(text)
    return node is not None and all(_is_id(name) for term in walk_terms(node) for name in _names(term))


def _names(term: str | With) -> tuple[str, ...]:
    return (term.base, term.exception) if isinstance(term, With) else (term,)


def _is_id(text: str) -> bool:
    """Say whether a name has the characters of an id. Source: SPDX Specification 3.0.1, annex on expressions."""
    return text.isascii() and text.removesuffix("+").replace("-", "").replace(".", "").replace(":", "").isalnum()


def _own_ids(expression: str) -> tuple[str, ...]:
    node = parse_expression(expression)
    if node is None:
        return ()
    return tuple(dict.fromkeys(name for term in walk_terms(node) for name in _names(term) if name.startswith(OWN)))

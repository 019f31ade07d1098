"""A bill of materials of the system as SPDX 3.0.1 (JSON-LD): an AI package, dataset packages, files with digests, terms and relationships.

The document claims the core, software and simple licensing profiles. It uses the classes of the AI and dataset profiles and does not claim these,
for they ask for suppliers and times of release that no bundle tells; nothing of that is made up. A licence is concluded only where all weights
have terms that are stated, agree and count for what they say. Source: SPDX Specification 3.0.1, and its JSON schema.
"""

from inspector.judgement import DataSet, Report
from inspector.model import Component, FileRecord, printable
from inspector.render.addresses import FileIndex, report_id, web_address
from inspector.render.contract import UNTOLD, Page, ReportFormat
from inspector.render.json_text import write_json
from inspector.render.materials import Model, describe_model, file_name, name_sets, package_url, parts_of_files
from inspector.render.spdx_graph import Graph, Json
from inspector.render.spdx_licenses import Licensing

CONTEXT = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"
PROFILES = ["core", "software", "simpleLicensing"]
PURPOSES = {
    Component.PARAMETERS: "model",
    Component.CHECKPOINTS: "model",
    Component.DATASETS: "data",
    Component.EVALUATION_DATA: "data",
    Component.MODEL_METADATA: "configuration",
    Component.TOKENIZER: "configuration",
    Component.MODEL_CARD: "documentation",
    Component.DATA_CARD: "documentation",
    Component.TECHNICAL_REPORT: "documentation",
    Component.RESEARCH_PAPER: "documentation",
}


def render(report: Report, page: Page) -> str:
    """Write a document, always the same bytes for the same report and time; without a time it tells the beginning of 1970, and says so."""
    graph = Graph(f"urn:uuid:{report_id(report, 'spdx')}")
    _begin(graph, report, page)
    licensing = Licensing(graph, report)
    model = describe_model(report)
    package = graph.add("ai_AIPackage", "model", **_package(report, model))
    licensing.declare_model(package, model)
    for number, (name, item) in enumerate(name_sets(report), 1):
        data = graph.add("dataset_DatasetPackage", f"data-{number}", **_data_set(name, item))
        licensing.declare_data_set(data, item)
        graph.relate(package, "trainedOn", [data], completeness="noAssertion", comment=_why(item))
    for number, parent in enumerate(model.parents, 1):
        ancestor = graph.add("ai_AIPackage", f"parent-{number}", name=parent.expression, software_primaryPurpose="model")
        graph.relate(package, "descendantOf", [ancestor], comment="The bundle declares it.")
        licensing.declare_nothing(ancestor)
    index = FileIndex(report.inventory.files)
    parts = parts_of_files(report, index)
    files = [(item, _add_file(graph, item, parts.get((item.root, item.path), ()))) for item in report.inventory.files]
    if files:
        graph.relate(package, "contains", [ref for _, ref in files], completeness="noAssertion")
    licensing.declare_files(files)
    return _finish(graph, report, package)


def _begin(graph: Graph, report: Report, page: Page) -> None:
    agent = graph.add("SoftwareAgent", "agent", name=f"{report.tool.name} {report.tool.version}")
    tool = graph.add("Tool", "tool", name=f"{report.tool.name} {report.tool.version}")
    info: Json = {
        "type": "CreationInfo",
        "@id": graph.creation,
        "specVersion": "3.0.1",
        "created": page.created or UNTOLD,
        "createdBy": [agent],
        "createdUsing": [tool],
    }
    if not page.created:
        info["comment"] = "The time was not given (--created): equal bundles give equal documents."
    graph.elements.insert(0, info)


def _finish(graph: Graph, report: Report, package: str) -> str:
    """Put everything into a bill, and the bill into the document."""
    name = printable(report.inventory.name)
    members = [str(item["spdxId"]) for item in graph.elements if "spdxId" in item]
    bill = graph.add("software_Sbom", "sbom", name=name, rootElement=[package], element=members, software_sbomType=["analyzed"])
    graph.add("SpdxDocument", "document", name=name, rootElement=[bill], element=[*members, bill], profileConformance=PROFILES)
    document = {"@context": CONTEXT, "@graph": graph.elements}
    return write_json(document)


def _package(report: Report, model: Model) -> Json:
    grades = "; ".join(f"{item.title} {item.version}: {item.ladder.title if item.ladder else item.grade}" for item in report.standards)
    disclaimers = " ".join(dict.fromkeys(item.disclaimer for item in report.standards))
    url = next((found for root in report.inventory.roots if (found := package_url(root))), "")
    told: Json = {
        "name": model.name,
        "software_primaryPurpose": "model",
        "software_packageVersion": model.version,
        "software_downloadLocation": web_address(model.address),
        "software_packageUrl": url,
        "ai_typeOfModel": list(dict.fromkeys((*model.families, *model.architectures))),
        "comment": printable(f"{grades}. {disclaimers}") if grades else "",
    }
    return {key: value for key, value in told.items() if value}


def _data_set(name: str, item: DataSet) -> Json:
    """Describe a data set that is named; of what kind its data is, nobody has looked."""
    told: Json = {
        "name": name,
        "dataset_datasetType": ["noAssertion"],
        "software_primaryPurpose": "data",
        "software_downloadLocation": next((address for text in item.urls if (address := web_address(text))), ""),
        "comment": printable(f"Access: {item.access}; {item.reason}."),
    }
    return {key: value for key, value in told.items() if value}


def _why(item: DataSet) -> str:
    count = len(item.locations)
    return f"Its documents name it ({count} place{'' if count == 1 else 's'}); that these weights were trained on it, nobody has checked."


def _add_file(graph: Graph, item: FileRecord, parts: tuple[Component, ...]) -> str:
    purpose = next((PURPOSES[part] for part in parts if part in PURPOSES), "source" if parts else "file")
    told: Json = {"name": file_name(item), "software_primaryPurpose": purpose}
    if item.sha256:
        told["verifiedUsing"] = [{"type": "Hash", "algorithm": "sha256", "hashValue": item.sha256}]
    if item.format:
        told["comment"] = printable(f"Format: {item.format}")
    return graph.add("software_File", graph.key_of(item.root, item.path), **told)


FORMAT = ReportFormat("bom.spdx.json", "a bill of materials with AI and dataset packages (SPDX 3.0.1)", render)

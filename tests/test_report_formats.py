"""Every format of a report, of every sample: valid by the official schema, the same twice, and with nothing in it that a bundle can act by.

`UPDATE_GOLDEN=1 make test` writes the golden files again; look at the difference before you accept it.
"""

import csv
import json
import os
import re
from collections.abc import Iterator
from functools import cache
from io import StringIO
from pathlib import Path

import jsonschema_rs
import msgspec
import pytest
from lxml import etree
from markdown_it import MarkdownIt

from inspector import inspect, judge
from inspector.errors import UsageError
from inspector.judgement import Report
from inspector.model import DetectorVersion, Issue, Location, Problem, Severity, Span, Unit, printable
from inspector.render import list_formats, load_format, render
from sample_bundles.build import all_systems, build

SCHEMAS = Path(__file__).parent / "schemas"
GOLDEN = Path(__file__).parent / "golden"
SYSTEMS = {system.name: system for system in all_systems() if system.name != "empty"}
EACH = pytest.mark.parametrize("name", SYSTEMS)
VALIDATED = {"sarif": "sarif-2.1.0.json", "cyclonedx": "cyclonedx-1.6.json", "spdx": "spdx-3.0.1.json"}
FOR_MACHINES = ("components-csv", "cyclonedx", "files-csv", "in-toto", "junit", "markdown", "sarif", "spdx")
HOSTILE = (
    "=cmd|' /C calc'!A0",
    "@octocat #1 GH-2 octocat/hello#3 www.example.com https://example.com <a href=javascript:alert(1)>x</a> a@example.com",
    "]]></failure><script>alert(1)</script>",
    "</details></sub>`` ` ```|a|b|\\|[x](http://example.com)![y](z)",
    "\x1b[2J\u202egpj.exe\r\n\n# head\n- item\n\u0000\ufffe",
    "\"';--{0}{{1}}%0d%0a&amp;&#64;octocat",
)


@cache
def report_of(name: str, top: Path) -> Report:
    place = build(SYSTEMS[name], top)
    first, *others = SYSTEMS[name].roots
    return judge(inspect([place / first.name], supplements=[(root.role, place / root.name) for root in others if root.role], jobs=2))


@cache
def validator(form: str) -> jsonschema_rs.Validator:
    def retrieve(uri: str) -> dict[str, object]:
        found: dict[str, object] = json.loads((SCHEMAS / f"cyclonedx-{uri.rpartition('/')[2].replace('.SNAPSHOT.schema', '')}").read_text())
        return found

    return jsonschema_rs.validator_for(json.loads((SCHEMAS / VALIDATED[form]).read_text()), retriever=retrieve, validate_formats=True)


@pytest.fixture(scope="module")
def top(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("samples")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A report in which every text that a bundle can choose is hostile."""
    root = tmp_path_factory.mktemp("hostile") / "`root`|<b>@octocat"
    root.mkdir()
    for number, text in enumerate(HOSTILE):
        (root / text.replace("/", "\u2215").replace("\0", "")[:80]).write_text(f"# {number}\n")
    (root / "README.md").write_text(
        "---\nlicense: '=MIT|<b>'\ndatasets:\n- '@octocat/</script>'\nbase_model: '`x`|]]>'\n---\n" + HOSTILE[3]
    )
    (root / "config.json").write_text(json.dumps({"model_type": HOSTILE[2], "architectures": [HOSTILE[1]]}))
    report = judge(inspect([root]))
    return with_findings(report, HOSTILE)


def with_findings(report: Report, texts: tuple[str, ...]) -> Report:
    inventory, root = report.inventory, report.inventory.roots[0].name
    issues = tuple(
        Issue(
            rule="pickle.unexpected-global",
            severity=severity,
            message=text,
            settle=text,
            locations=(Location(root=root, path=text, pointer=text),),
        )
        for text in texts
        for severity in Severity
    )
    problems = tuple(Problem(location=Location(root=root, path=text), reason=text, detector="json") for text in texts)
    whole = msgspec.structs.replace(inventory, issues=(*inventory.issues, *issues), problems=(*inventory.problems, *problems))
    return msgspec.structs.replace(report, inventory=whole)


def strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


def check(form: str, text: str) -> None:
    if form in VALIDATED:
        validator(form).validate(json.loads(text))
    elif form == "junit":
        etree.XMLSchema(etree.parse(SCHEMAS / "junit-10.xsd")).assertValid(etree.fromstring(text.encode()))
        for suite in etree.fromstring(text.encode()):
            assert int(suite.attrib["failures"]) == len(suite.findall("testcase/failure"))
            assert int(suite.attrib["errors"]) == len(suite.findall("testcase/error"))
            assert int(suite.attrib["tests"]) == len(suite.findall("testcase"))
    elif form == "in-toto":
        statement = json.loads(text)
        assert list(statement) == ["_type", "subject", "predicateType", "predicate"]
        assert statement["_type"] == "https://in-toto.io/Statement/v1"
        assert all(re.fullmatch("[0-9a-f]{64}", item["digest"]["sha256"]) and item["name"] for item in statement["subject"])
    elif form.endswith("-csv"):
        head, *rows = csv.reader(StringIO(text))
        assert {len(row) for row in rows} == {len(head)}
    else:
        assert len(text) < 65_536


@EACH
def test_every_format_of_every_sample_is_valid_and_the_same_twice(name: str, top: Path) -> None:
    report = report_of(name, top)
    for form in FOR_MACHINES:
        text = render(report, form)
        assert text == render(report, form), form
        assert text.endswith("\n")
        check(form, text)


@pytest.mark.parametrize("form", FOR_MACHINES)
def test_hostile_texts_leave_every_format_valid(form: str, hostile: Report) -> None:
    check(form, render(hostile, form))


@pytest.mark.parametrize("form", FOR_MACHINES)
def test_no_format_has_a_character_that_acts(form: str, hostile: Report) -> None:
    text = render(hostile, form)
    assert [line for line in text.split("\n") if line.replace("\u200b", "") != printable(line.replace("\u200b", ""))] == []
    if form in {*VALIDATED, "in-toto"}:
        shown = [item for item in strings(json.loads(text)) if "\n" not in item]
        assert [item for item in shown if item != printable(item)] == []


@pytest.mark.parametrize("form", FOR_MACHINES)
def test_every_format_is_the_golden_one(form: str, top: Path) -> None:
    report = report_of("gallery", top)
    tool = msgspec.structs.replace(report.tool, detectors=(DetectorVersion(id="gguf", version=1),))  # they have golden files of their own
    text, golden = render(msgspec.structs.replace(report, tool=tool), form), GOLDEN / f"gallery-{load_format(form).file}"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(text)
    assert text == golden.read_text()


def test_a_comment_has_no_markup_but_its_own(hostile: Report) -> None:
    tokens = [
        item
        for block in MarkdownIt("commonmark", {"html": True}).enable("table").parse(render(hostile, "markdown"))
        for item in [block, *(block.children or ())]
    ]
    html = {tag for item in tokens if item.type.startswith("html") for tag in re.findall(r"</?\w+", item.content)}
    assert html <= {"<details", "</details", "<summary", "</summary", "<sub", "</sub"}
    assert not {item.type for item in tokens} & {"link_open", "image", "em_open", "fence", "code_block", "softbreak", "hr"}
    assert [item.content for item in tokens if item.type == "html_block" and item.content.count("</details>") > 1] == []
    rows = [item for item in tokens if item.type == "tr_open"]
    assert len(rows) == 1 + len(hostile.standards[0].elements)


def test_a_comment_mentions_nobody_and_links_nowhere(hostile: Report) -> None:
    blocks = MarkdownIt("commonmark", {"html": True}).enable("table").parse(render(hostile, "markdown"))
    texts = [item.content for block in blocks for item in block.children or () if item.type == "text"]
    assert any("octocat" in text for text in texts)
    assert [text for text in texts if re.search(r"@\w|#\d|(?i:gh-\d)|://\w|www\.\w", text) and not re.search(r"^Open Source", text)] == []


def test_a_long_comment_is_cut_where_a_part_ends_and_says_so(hostile: Report) -> None:
    long = with_findings(hostile, tuple(f"{number} " + "`x`|" * 400 for number in range(400)))
    text = render(long, "markdown")
    assert len(text) < 65_536
    assert len(re.findall("(?m)^<details>", text)) == len(re.findall("(?m)^</details>", text)) == 6
    assert re.search(r"(?m)^- and \d+ more issues$", text)


def test_no_cell_is_a_formula(hostile: Report) -> None:
    for form in ("files-csv", "components-csv"):
        for delimiter in ",;\t":
            cells = [cell for row in csv.reader(StringIO(render(hostile, form)), delimiter=delimiter) for cell in row]
            assert [cell for cell in cells if re.match(r"['\"]?\s*[=+\-@]", cell) and not cell.startswith("'")] == []


def test_a_finding_keeps_its_fingerprint_when_lines_move_and_loses_it_with_its_path(top: Path) -> None:
    report = report_of("gallery", top)

    def prints(path: str, line: int, name: str = "lines 3") -> list[str]:
        place = Location(root="gallery-weights", path=path, span=Span(line, line), pointer="/a")
        issue = Issue(rule="data.x", severity=Severity.LOW, message=f"at {name}", locations=(place,))
        inventory = msgspec.structs.replace(report.inventory, issues=(issue,))
        text = render(msgspec.structs.replace(report, inventory=inventory, standards=()), "sarif")
        return [item["partialFingerprints"]["primaryLocationLineHash"] for item in json.loads(text)["runs"][0]["results"]]

    assert prints("README.md", 3) == prints("README.md", 99, "lines 99")
    assert prints("README.md", 3) != prints("other.md", 3)


def test_findings_point_at_lines_bytes_and_members(top: Path) -> None:
    report, index = report_of("damaged", top), {}
    member = Location(root="damaged-weights", path="two words%.pt!/data.pkl", span=Span(5, 9, Unit.BYTES))
    issue = Issue(rule="pickle.trailing-bytes", severity=Severity.LOW, message="m", locations=(member,))
    record = msgspec.structs.replace(report.inventory.files[0], path="two words%.pt")
    inventory = msgspec.structs.replace(report.inventory, files=(*report.inventory.files, record), issues=(issue, *report.inventory.issues))
    run = json.loads(render(msgspec.structs.replace(report, inventory=inventory), "sarif"))["runs"][0]
    index = run["results"][0]["locations"][0]
    assert index["physicalLocation"]["artifactLocation"]["uri"] == "two%20words%25.pt"
    assert "byteOffset" not in index["physicalLocation"]["region"]
    assert index["logicalLocations"] == [{"fullyQualifiedName": "data.pkl"}]
    regions = [
        item["locations"][0]["physicalLocation"]["region"] for item in run["results"] if item["ruleId"] == "pickle.unexpected-global"
    ]
    assert regions
    assert all(region["byteLength"] >= 1 for region in regions)


def test_what_is_not_met_or_not_read_is_a_result(top: Path) -> None:
    report = report_of("damaged", top)
    run = json.loads(render(report, "sarif"))["runs"][0]
    rules = [item["ruleId"] for item in run["results"]]
    assert "osaid.code.training" in rules
    assert rules.count("inspector.unread") == len(report.inventory.problems)
    assert len(run["invocations"][0]["toolExecutionNotifications"]) == len(report.inventory.problems)
    assert all(item["locations"] for item in run["results"])


def test_no_licence_is_concluded_where_weights_are_in_doubt(top: Path) -> None:
    for name, concluded in (("mixtral", "Apache-2.0"), ("gallery", None), ("amber_checkpoint", None)):
        model = json.loads(render(report_of(name, top), "cyclonedx"))["metadata"]["component"]
        assert model.get("licenses", [{}])[0].get("expression") == concluded, name
        graph = json.loads(render(report_of(name, top), "spdx"))["@graph"]
        package = next(item["spdxId"] for item in graph if item["type"] == "ai_AIPackage")
        (relation,) = [item for item in graph if item.get("relationshipType") == "hasConcludedLicense" and item["from"] == package]
        said = next((item["simplelicensing_licenseExpression"] for item in graph if item.get("spdxId") == relation["to"][0]), None)
        assert said == concluded, name


def test_references_inside_a_bill_lead_somewhere(top: Path) -> None:
    for name in SYSTEMS:
        bill = json.loads(render(report_of(name, top), "cyclonedx"))
        refs = [str(item["bom-ref"]) for item in (*bill["components"], bill["metadata"]["component"])]
        assert len(refs) == len(set(refs))
        assert {ref for item in bill["dependencies"] for ref in (item["ref"], *item.get("dependsOn", ()))} == set(refs)
        graph = json.loads(render(report_of(name, top), "spdx"))["@graph"]
        ids = [item["spdxId"] for item in graph if "spdxId" in item]
        assert len(ids) == len(set(ids))
        targets = {ref for item in graph if item["type"] == "Relationship" for ref in (item["from"], *item["to"])}
        assert {ref for ref in targets if not ref.startswith("https://spdx.org/")} <= set(ids)


def test_a_statement_of_nothing_is_refused(top: Path) -> None:
    report = report_of("mixtral", top)
    files = tuple(msgspec.structs.replace(item, sha256=None) for item in report.inventory.files)
    with pytest.raises(UsageError, match="--no-digest"):
        render(msgspec.structs.replace(report, inventory=msgspec.structs.replace(report.inventory, files=files)), "in-toto")


def test_formats_are_found_by_being_there() -> None:
    assert set(FOR_MACHINES) | {"terminal", "html", "json", "mot", "licenses"} == set(list_formats())
    files = [load_format(name).file for name in list_formats()]
    assert len(files) == len(set(files))
    with pytest.raises(UsageError, match="there is no such format"):
        load_format("../x")

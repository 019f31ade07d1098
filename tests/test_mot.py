"""Records of the Model Openness Tool: read strictly, judged by the tool's rules and with licences under their ids, and written from an audit."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from inspector import inspect, judge
from inspector.errors import ExitCode, Malformed
from inspector.licensing.licenses import load_licenses
from inspector.render import Format, render
from inspector.scoring.mot_class import Assessment, State, assess
from inspector.scoring.mot_record import load_names, read_record
from sample_bundles.build import all_systems, build
from sample_bundles.weights import Tensor, safetensors_bytes
from tests import make
from tests.test_cli import run

III = ("Model architecture", "Model parameters (Final)", "Model card", "Data card", "Technical report", "Evaluation results")
II = ("Training code", "Inference code", "Evaluation code", "Evaluation data")
I = ("Datasets", "Data preprocessing code", "Research paper", "Model parameters (Intermediate)")  # noqa: E741
NAMES = tuple(load_names().components)
LICENCES = (
    "Apache-2.0",
    "MIT",
    "CC-BY-4.0",
    "CC-BY-NC-4.0",
    "Apache 2.0",
    "Undisclosed",
    "Component not include",
    "unlicensed",
    "LicenseRef-x",
)
# What the tool's documentation says of its format, in the words of JSON Schema; the tool's own schema is not part of this project.
TEXT = {"type": "string"}
SCHEMA = {
    "type": "object",
    "required": ["framework", "release"],
    "properties": {
        "framework": {"type": "object", "required": ["name", "version", "date"], "additionalProperties": TEXT},
        "release": {
            "type": "object",
            "required": ["name", "license", "producer", "components"],
            "additionalProperties": TEXT,
            "properties": {
                "name": {"type": "string", "minLength": 1},
                "license": {"type": "object"},
                "components": {
                    "type": "array",
                    "maxItems": 17,
                    "items": {"type": "object", "required": ["name"], "additionalProperties": TEXT},
                },
            },
        },
    },
}


def write(parts: Mapping[str, str | None], licenses: Mapping[str, str] | None = None, **release: object) -> bytes:
    """Write a record; None is a component without a licence of its own."""
    entries = [{"name": name, **({} if given is None else {"license": given})} for name, given in parts.items()]
    whole = {kind: {"name": name, "path": ""} for kind, name in (licenses or {}).items()}
    record = {
        "framework": {"name": "Model Openness Framework", "version": "1.0", "date": "2024-12-15"},
        "release": {"name": "Made", "producer": "us", "license": whole, "components": entries, **release},
    }
    return yaml.safe_dump(record).encode()


def judged(components: Mapping[str, str | None], licenses: Mapping[str, str] | None = None) -> Assessment:
    return assess(read_record(write(components, licenses)), "made.yml", load_licenses())


def counts(found: Assessment) -> list[tuple[int, int]]:
    return [(rung.included, rung.required) for rung in found.by_the_rules.rungs]


def test_all_that_is_required_under_one_licence_of_the_distribution_is_class_one() -> None:
    found = judged(dict.fromkeys((*III, *II, *I)), {"distribution": "Apache-2.0"})
    assert (found.by_the_rules.title, counts(found)) == ("Class I - Open Science Model", [(6, 6), (10, 10), (14, 14)])


def test_each_class_needs_the_one_below_it() -> None:
    assert judged(dict.fromkeys(III, "MIT")).by_the_rules.reached == "iii"
    assert judged(dict.fromkeys((*III, *II), "MIT")).by_the_rules.reached == "ii"
    found = judged(dict.fromkeys((*III[1:], *II, *I), "MIT"))
    assert (found.by_the_rules.reached, [rung.percent for rung in found.by_the_rules.rungs]) == (None, [83.3, 0, 0])


def test_a_paper_stands_in_for_a_report_and_a_report_not_for_a_paper() -> None:
    every = dict.fromkeys((*III, *II, *I), "MIT")
    paper = judged({name: given for name, given in every.items() if name != "Technical report"})
    report = judged({name: given for name, given in every.items() if name != "Research paper"})
    assert (paper.by_the_rules.reached, counts(paper)) == ("i", [(6, 6), (10, 10), (13, 13)])
    assert (report.by_the_rules.reached, counts(report)) == ("ii", [(6, 6), (10, 10), (13, 14)])


def test_a_paper_under_terms_that_are_not_open_leaves_no_report_missing_but_unfit() -> None:
    found = judged({**dict.fromkeys(III, "MIT"), "Technical report": "unlicensed", "Research paper": "arXiv"})
    assert found.by_the_rules.rungs[0].unfit == ("Technical report",)
    assert found.by_the_rules.rungs[0].missing == ()


@pytest.mark.parametrize(
    ("own", "licenses", "state"),
    [
        ("MIT", {}, State.OPEN),
        (None, {"code": "MIT"}, State.OPEN),
        (None, {"data": "MIT"}, State.UNLICENSED),
        (None, {"distribution": "MIT", "code": "CC-BY-NC-4.0"}, State.OTHER),
        ("unlicensed", {"distribution": "MIT"}, State.UNLICENSED),
        ("", {"distribution": "MIT"}, State.UNLICENSED),
        ("CC-BY-NC-4.0", {"distribution": "MIT"}, State.OTHER),
        ("apache-2.0", {}, State.OTHER),
        ("CC-BY-4.0", {}, State.OPEN),
        ("OpenMDW-1.0", {}, State.OPEN),
        ("CNRI-Python-GPL-Compatible", {}, State.OTHER),
    ],
)
def test_a_licence_is_the_components_own_else_that_of_its_kind_else_that_of_all(
    own: str | None, licenses: dict[str, str], state: State
) -> None:
    (part,) = [part for part in judged({"Training code": own}, licenses).parts if part.name == "Training code"]
    assert part.state is state


def test_an_open_licence_that_does_not_suit_the_content_counts_and_is_said() -> None:
    found = judged(dict.fromkeys(III, "Apache-2.0"))
    assert found.by_the_rules.reached == "iii"
    assert [part.name for part in found.parts if not part.suits] == ["Model parameters (Final)"]


@pytest.mark.parametrize(
    ("written", "read", "state"),
    [
        ("Apache 2.0", "Apache-2.0", State.OPEN),
        ("MIT license", "MIT", State.OPEN),
        ("BSD-3", "BSD-3-Clause", State.OPEN),
        ("PDDL-1.0", "PDDL-1.0", State.OPEN),
        ("Apache-2.0 AND MIT", "Apache-2.0 AND MIT", State.OPEN),
        ("Undisclosed", "", State.UNLICENSED),
        ("license", "", State.UNLICENSED),
        ("Component not include", "", State.MISSING),
        ("Component not included.", "", State.MISSING),
        ("Llama 2 Community License", "LicenseRef-scancode-llama-2-license-2023", State.OTHER),
        ("BSD", "LicenseRef-vague-bsd", State.OTHER),
        ("Bloom", "LicenseRef-declared-bloom", State.OTHER),
    ],
)
def test_what_stands_where_a_licence_belongs_is_read_and_shown(written: str, read: str, state: State) -> None:
    found = judged({**dict.fromkeys(III, "MIT"), "Model card": written})
    assert found.by_the_rules.reached is None
    (reading,) = found.readings
    assert (reading.component, reading.written, reading.read, reading.state) == ("Model card", written, read, state)
    assert found.normalised.reached == ("iii" if state is State.OPEN else None)
    assert ("Model card" in found.normalised.rungs[0].missing) is (state is State.MISSING)


@pytest.mark.parametrize(
    ("record", "message"),
    [
        (b"- x\n", "line 1: the record: keys with values are needed, not a list"),
        (b"release: {}\n", "line 1: framework is missing; is this a record"),
        (write({}, components="all"), r"line \d+: release.components: a list is needed, not a text"),
        (write({}, components=["all"]), r"line \d+: release.components, entry 1: keys with values are needed, not a text"),
        (write({}, components=[{"license": "MIT"}]), r"line \d+: release.components, entry 1: a name is needed"),
        (write({}, components=[{"name": "Datasets", "license": ["MIT"]}]), r"entry 1, license: a text is needed, not a list"),
        (write({}, components=[{"name": "Datasets"} for _ in range(201)]), "more than 200 entries"),
        (write({}, license="MIT"), r"line \d+: release.license: keys with values are needed, not a text"),
        (write({}, license={"code": "MIT"}), r"line \d+: release.license.code: keys with values are needed, not a text"),
        (write({}, name=""), r"line \d+: release.name: a name is needed"),
        (write({}, name={"a": "b"}), r"line \d+: release.name: a text is needed, not a mapping"),
    ],
)
def test_what_is_no_record_is_said_with_line_and_key(record: bytes, message: str) -> None:
    with pytest.raises(Malformed, match=message):
        read_record(record)


def test_what_the_tool_does_not_know_is_noted_and_not_counted() -> None:
    record = read_record(write({"Training loop": "MIT", "Datasets": "MIT"}, color="red"))
    assert [entry.name for entry in record.entries] == ["Datasets"]
    assert [note.partition(": ")[2] for note in record.notes] == [
        "release.color is no key that the tool knows",
        "'Training loop' is no component of the framework; it is not counted",
    ]


def test_a_component_that_stands_there_twice_is_noted_and_the_last_one_counts() -> None:
    twice = write({}, components=[{"name": "Datasets", "license": "MIT"}, {"name": "Datasets", "license": "unlicensed"}])
    (entry,) = read_record(twice).entries
    assert entry.license == ""


@given(st.dictionaries(st.sampled_from(NAMES), st.sampled_from([*LICENCES, None])), st.sampled_from([*LICENCES, None]))
def test_leaving_out_a_component_never_raises_a_class(components: dict[str, str | None], distribution: str | None) -> None:
    licenses = {"distribution": distribution} if distribution else {}

    def heights(found: Assessment) -> list[int]:
        return [sum(rung.complete for rung in ladder.rungs) for ladder in (found.by_the_rules, found.normalised)]

    before = heights(judged(components, licenses))
    for name in components:
        after = heights(judged({other: given for other, given in components.items() if other != name}, licenses))
        assert all(less <= more for less, more in zip(after, before, strict=True))


@given(
    st.text(max_size=20).map("LicenseRef-{}".format)
    | st.sampled_from(["Open", "free", "OSI", "OpenRAIL", "BSD", "GPL", "Creative Commons"])
)
def test_an_unknown_licence_never_counts_as_open(given_license: str) -> None:
    found = judged(dict.fromkeys(NAMES, given_license))
    assert not [part for part in found.parts if part.state is State.OPEN]
    assert (found.by_the_rules.reached, found.normalised.reached) == (None, None)
    assert found.normalised.rungs[-1].included == 0


@pytest.mark.parametrize("name", [system.name for system in all_systems() if system.name not in ("empty", "formats")])
def test_a_record_of_every_sample_keeps_the_format_and_claims_no_more_than_the_audit(name: str, tmp_path: Path) -> None:
    system = next(item for item in all_systems() if item.name == name)
    place = build(system, tmp_path)
    report = judge(inspect([place / root.name for root in system.roots]), ("mof",))
    text = render(report, Format.MOT)
    jsonschema.validate(yaml.safe_load(text), SCHEMA)
    found = assess(read_record(text.encode()), "written.yml", load_licenses())
    assert found.notes == ()
    met = {finding.requirement for finding in report.standards[0].findings if finding.verdict == "met"}
    assert {f"mof.{part.component}" for part in found.parts if part.state is State.OPEN} <= met
    assert text.startswith("# An evidence mapping by inspector ")


def test_terms_that_are_stated_of_a_part_only_are_written_as_no_licence(tmp_path: Path) -> None:
    loop = "import torch\n\nfor batch in loader:\n    loss = model(batch)\n    loss.backward()\n    optimizer.step()\n    optimizer.zero_grad()\n"
    make.tree(tmp_path / "m", {"train.py": f"# SPDX-License-Identifier: MIT\n{loop}", "pretrain.py": loop})
    record = yaml.safe_load(render(judge(inspect([tmp_path / "m"]), ("mof",)), Format.MOT))
    (training,) = [item for item in record["release"]["components"] if item["name"] == "Training code"]
    assert training["license"] == "unlicensed"
    assert "license_path" not in training


def test_parts_under_different_licences_are_one_expression_with_each_licence_once(tmp_path: Path) -> None:
    loop = "import torch\n\nfor batch in loader:\n    loss = model(batch)\n    loss.backward()\n    optimizer.step()\n    optimizer.zero_grad()\n"
    headers = {"a.py": "MIT", "b.py": "MIT AND Apache-2.0", "c.py": "Apache-2.0"}
    make.tree(tmp_path / "m", {path: f"# SPDX-License-Identifier: {terms}\n{loop}" for path, terms in headers.items()})
    record = render(judge(inspect([tmp_path / "m"]), ("mof",)), Format.MOT)
    (training,) = [item for item in yaml.safe_load(record)["release"]["components"] if item["name"] == "Training code"]
    assert training["license"] == "Apache-2.0 AND MIT"
    found = assess(read_record(record.encode()), "made.yml", load_licenses())
    assert [(item.written, item.state) for item in found.readings] == [("Apache-2.0 AND MIT", State.OPEN)]


def test_addresses_are_those_that_the_roots_records_tell_and_no_others(tmp_path: Path) -> None:
    weights = {"model.safetensors": safetensors_bytes([Tensor("w", "F16", (2, 2))])}
    cache = tmp_path / "models--owner--tiny"
    make.tree(cache / "snapshots" / "abc", weights)
    make.tree(tmp_path / "code", {"a.py": "x = 1\n", ".git/config": '[remote "origin"]\n\turl = https://github.com/owner/tiny.git\n'})
    make.tree(tmp_path / "plain", weights)
    record = yaml.safe_load(render(judge(inspect([cache, tmp_path / "code"]), ("mof",)), Format.MOT))
    assert record["release"]["huggingface"] == "https://huggingface.co/owner/tiny"
    assert record["release"]["repository"].startswith("https://github.com/owner/tiny")
    alone = yaml.safe_load(render(judge(inspect([tmp_path / "plain"]), ("mof",)), Format.MOT))
    assert set(alone["release"]) == {"name", "license", "producer", "components"}


def test_the_command_judges_files_and_directories_and_names_what_is_no_record(tmp_path: Path) -> None:
    make.tree(tmp_path, {"a.yml": write(dict.fromkeys(III, "MIT")), "b.yaml": "[", "c.txt": "x"})
    done = run("judge", tmp_path)
    assert done.returncode == ExitCode.UNREADABLE
    assert "Class III - Open Model 1" in done.stdout or " CLASS III - OPEN MODEL " in done.stdout
    assert done.stderr.startswith(f"inspector: {tmp_path}/b.yaml: line 2: not YAML: ")
    assert done.stderr.count("\n") == 1
    again = run("judge", tmp_path / "a.yml", tmp_path / "a.yml", "--format", "json")
    answer = json.loads(again.stdout)
    assert (again.returncode, answer["schema"], len(answer["records"])) == (ExitCode.DONE, "preferred-form/records/1", 1)
    assert answer["records"][0]["by_the_rules"]["title"] == "Class III - Open Model"


def test_where_there_is_no_record_is_wrong_usage(tmp_path: Path) -> None:
    for path, line in ((tmp_path / "x.yml", "there is no such file or directory"), (tmp_path, "there is no record in it (*.yml)")):
        done = run("judge", path)
        assert (done.returncode, done.stderr) == (ExitCode.USAGE, f"inspector: {path}: {line}\n")


@pytest.mark.parametrize("width", [80, 120])
def test_answers_fit_the_terminal(tmp_path: Path, width: int) -> None:
    odd = {**dict.fromkeys(III, "MIT"), "Model card": "Apache 2.0", "Datasets": "Component not include"}
    make.tree(tmp_path, {f"{number}.yml": write(odd, name=f"Model {number} of a long name\x1b") for number in range(3)})
    for arguments in ((tmp_path,), (tmp_path, "--verbose"), (tmp_path / "1.yml",)):
        done = run("judge", *arguments, COLUMNS=str(width))
        assert max(len(line) for line in done.stdout.splitlines()) <= width
        assert "\x1b" not in done.stdout
        assert re.search(r"ith licences under their ids[: ]+Class III - Open Model", " ".join(done.stdout.split()))


def test_an_audit_asks_for_a_class_and_writes_a_record(tmp_path: Path) -> None:
    make.tree(tmp_path / "m", {"README.md": "---\nlicense: cc-by-4.0\nlibrary_name: x\n---\n# Tiny\n"})
    done = run("audit", tmp_path / "m", "--require", "mof:III", "--format", "mot", "--no-memo")
    assert done.returncode == ExitCode.REQUIREMENT_NOT_MET
    assert done.stderr == "inspector: mof:iii is required, and the system does not conform to it\n"
    assert [item["name"] for item in yaml.safe_load(done.stdout)["release"]["components"]] == ["Model card"]
    assert run("audit", tmp_path / "m", "--require", "mof:IV").returncode == ExitCode.USAGE

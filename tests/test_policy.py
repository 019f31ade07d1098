"""Policies: read strictly, with file, line and key of what is wrong; what violates one, where, who asks, and what exceptions cover."""

import datetime as dt
import json
from pathlib import Path

import jsonschema
import msgspec
import pytest

from inspector import inspect, judge
from inspector.audit import hold_against
from inspector.errors import ExitCode, UsageError
from inspector.gate import PolicyResult, Standing
from inspector.judgement import Report
from inspector.model import Location, Problem, Role
from inspector.policies.check import load_format_groups, load_policy
from inspector.registry import load_registry
from inspector.render import Format, render
from inspector.rule_catalogue import load_rules
from inspector.tables import read_shipped
from sample_bundles.build import all_systems, build
from sample_bundles.weights import Tensor, safetensors_bytes
from tests import make
from tests.test_cli import run

TOP = Path(__file__).parent.parent
TODAY = dt.date(2026, 3, 1)
WEIGHTS = safetensors_bytes([Tensor("model.embed_tokens.weight", "F16", (16, 8))])
PICKLE = b"\x80\x02cos\nsystem\nU\x02ls\x85R."
EXAMPLES = sorted((TOP / "docs" / "examples").glob("policy-*.toml"))
ENTRY = 'unread = "forbid"\n[[exception]]\n'
REST = 'reason = "r"\nowner = "o"\nexpires = 2030-01-01\n'
CARD = "---\nlicense: {}\n---\n# Tiny\n"


def bundle(top: Path, license_id: str = "apache-2.0", **files: bytes) -> Path:
    """Make a bundle; `x_pkl=data` adds a file `x.pkl`."""
    named = {name.replace("_", "."): data for name, data in files.items()}
    return make.tree(top / "m", {"model.safetensors": WEIGHTS, "README.md": CARD.format(license_id), **named})


def held(top: Path, policy: str, *paths: Path, today: dt.date = TODAY) -> Report:
    """Hold a bundle against a policy."""
    (top / "policy.toml").write_text(policy)
    rules = load_policy(top / "policy.toml")
    return hold_against(judge(inspect(paths, digest=False), tuple(item.name for item in rules.standards)), rules, today)


def result(top: Path, policy: str, *paths: Path, today: dt.date = TODAY) -> PolicyResult:
    found = held(top, policy, *paths, today=today).policy
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("a = [\n", ":1: this is no TOML: "),
        ('title = "x"\n', ":1: the file: it asks for nothing"),
        ('[formats]\nforbidden = ["pickle"]\n', ":2: formats.forbidden: there is no such key"),
        ('[[files]]\nrequire = ["a"]\n\n[[files]]\nrequire = ["b"]\nroel = "code"\n', ":6: files[2].roel: there is no such key"),
        ('[formats]\nforbid = [\n  "pickle",\n  # one more\n  "pickel",\n]\n', ":5: formats.forbid[2]: there is no format 'pickel'"),
        ('[[terms]]\nallow = ["free",\n "Apache 2.0"]\n', ":3: terms[1].allow[2]: 'Apache 2.0' is no id of a licence; do you mean 'Apache-2.0'?"),
        ('[[terms]]\ncomponents = ["wheels"]\nallow = ["free"]\n', ":2: terms[1].components[1]: there is no component 'wheels'"),
        ('[[terms]]\ncomponents = ["code"]\n', ":1: terms[1]: it needs `allow` or `deny`"),
        ('[[terms]]\nallow = ["free"]\n[[terms]]\nallow = ["free"]\n', ":3: terms[2]: only one entry may be without `components`"),
        ('[require]\nosiad = "conforms"\n', ":2: require.osiad: osiad: there is no such standard"),
        ('[require]\nmof = "IX"\n', ":2: require.mof: mof:IX: mof has no class 'IX'"),
        ('[require]\nosaid = "met"\n', ":2: require.osaid: osaid:met: osaid has no class 'met'; it has none (a grade is conforms or terms-only)"),
        ('[issues]\nworst = "tiny"\n', ":2: issues.worst: invalid enum value 'tiny'; write none or note"),
        ('[issues.about]\nsafty = "low"\n', ":2: issues.about.safty: rules are about "),
        ('[[files]]\nrequire = ["/etc/passwd"]\n', ":2: files[1].require[1]: '/etc/passwd': write a path below a root"),
        ("[[files]]\nrequire = []\n", ":2: files[1].require: it names no file"),
        (f'{ENTRY}rule = "a.b"\n{REST}', ":3: exception[1].rule: there is no rule"),
        (f'{ENTRY}rule = "policy.file"\nreason = " "\nowner = "o"\nexpires = 2030-01-01\n', ":4: exception[1].reason: "),
        (f'{ENTRY}rule = "policy.file"\nreason = "r"\nexpires = 2030-01-01\n', ":2: exception[1]: object missing required field `owner`"),
        (ENTRY + REST, ":2: exception[1]: it covers nothing"),
        (f'{ENTRY}requirement = "osaid.code.training"\n{REST}', ":3: exception[1].requirement: no standard under [require] has"),
        (f'{ENTRY}path = "a"\nreason = "r"\nowner = "o"\nexpires = "soon"\n', ":6: exception[1].expires: "),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_policy_is_named_with_file_line_and_key(text: str, error: str, tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text(text)
    with pytest.raises(UsageError) as caught:
        load_policy(tmp_path / "policy.toml")
    assert str(caught.value).startswith(f"{tmp_path / 'policy.toml'}{error}")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("data", [b"\xff", b"x" * (2**20 + 1), b"[" * 5000])
def test_what_is_no_policy_at_all_is_one_line(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_bytes(data)
    with pytest.raises(UsageError, match=r"policy\.toml"):
        load_policy(tmp_path / "policy.toml")


def test_a_standard_of_ones_own_is_found_beside_the_policy(tmp_path: Path) -> None:
    (tmp_path / "intake.toml").write_text((TOP / "docs" / "examples" / "intake-policy.toml").read_text())
    found = result(tmp_path, '[require]\n"./intake.toml" = "use"\n', make.tree(tmp_path / "m", {"notes.txt": "nothing"}))
    assert {item.requirement for item in found.violations} == {"intake.weights", "intake.card"}


def test_a_bundle_that_is_as_the_policy_asks_violates_nothing(tmp_path: Path) -> None:
    policy = 'unread = "forbid"\n[[terms]]\nallow = ["osi-approved"]\n[formats]\nforbid = ["@pickle"]\n[issues.about]\nsafety = "none"\n'
    assert result(tmp_path, policy + '[[files]]\nrequire = ["readme.md", "*.safetensors"]\n', bundle(tmp_path)).holds


def test_a_standard_that_is_not_reached_gives_one_violation_a_requirement_with_what_would_settle_it(tmp_path: Path) -> None:
    found = result(tmp_path, '[require]\nosaid = "conforms"\n', bundle(tmp_path, "cc-by-nc-4.0"))
    by_id = {item.requirement: item for item in found.violations}
    assert {"osaid.data.provenance", "osaid.code.training", "osaid.parameters.terms"} <= set(by_id)
    assert by_id["osaid.code.training"].settle
    assert by_id["osaid.parameters.terms"].locations[0].path == "README.md"
    assert all(item.rule == "policy.standard" and item.asked == "require.osaid = conforms" for item in found.violations)
    lower = result(tmp_path, '[require]\nosaid = "terms-only"\n', tmp_path / "m")
    assert {item.requirement for item in lower.violations} == set(by_id) - {"osaid.parameters.terms"}


def test_a_class_of_a_ladder_asks_for_itself_and_what_is_below(tmp_path: Path) -> None:
    third = {item.requirement for item in result(tmp_path, '[require]\nmof = "III"\n', bundle(tmp_path)).violations}
    second = {item.requirement for item in result(tmp_path, '[require]\nmof = "ii"\n', tmp_path / "m").violations}
    assert third < second
    assert "mof.training-code" in second - third


@pytest.mark.parametrize(
    ("declared", "rule", "fits"),
    [
        ("apache-2.0", 'allow = ["osi-approved"]', True),
        ("cc-by-4.0", 'allow = ["osi-approved"]', False),
        ("cc-by-4.0", 'allow = ["osi-approved", "free"]', True),
        ("cc-by-nc-4.0", 'allow = ["osi-approved"]', False),
        ("cc-by-nc-4.0", 'allow = ["CC-BY-NC-4.0"]', True),
        ("apache-2.0", 'allow = ["MIT"]', False),
        ("agpl-3.0", 'deny = ["AGPL-3.0-only"]', False),
        ("apache-2.0", 'deny = ["AGPL-3.0-only", "restricted"]', True),
        ("llama2", 'deny = ["restricted"]', False),
        ("nobody-knows-it", 'deny = ["restricted", "unknown"]', False),
    ],
)
def test_terms_fit_by_what_they_allow_and_by_their_ids(declared: str, rule: str, fits: bool, tmp_path: Path) -> None:
    found = result(tmp_path, f'[[terms]]\ncomponents = ["parameters-final"]\n{rule}\n', bundle(tmp_path, declared))
    assert found.holds is fits
    assert fits or (found.violations[0].component, found.violations[0].asked) == ("parameters-final", "terms[1]")


def test_terms_that_are_not_stated_do_not_fit_unless_the_policy_says_so(tmp_path: Path) -> None:
    top = make.tree(tmp_path / "m", {"model.safetensors": WEIGHTS})
    asked = '[[terms]]\nallow = ["osi-approved"{}]\n'
    assert "no terms are stated" in result(tmp_path, asked.format(""), top).violations[0].message
    assert result(tmp_path, asked.format(', "unstated"'), top).holds


def test_the_entry_that_names_a_component_comes_before_code_and_the_rest(tmp_path: Path) -> None:
    code = make.tree(tmp_path / "c", {"train.py": "import torch\nloss.backward()\noptimizer.step()\n", "LICENSE": "nothing that is known"})
    first, rest = '[[terms]]\ncomponents = ["code"]\nallow = ["osi-approved"]\n', '[[terms]]\nallow = ["free"]\n'
    policy = f'{first}{rest}[[terms]]\ncomponents = ["training-code"]\nallow = ["MIT"]\n'
    asked = {item.component: item.asked for item in result(tmp_path, policy, code, bundle(tmp_path)).violations}
    assert asked == {"training-code": "terms[3]", "parameters-final": "terms[2]"}


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("x.pkl", PICKLE, "pickle"),
        ("x.safetensors", PICKLE, "pickle"),
        ("x.pt", b"\x80\x02c", "pickle"),
        ("y.pt", b"PK\x03\x04" + bytes(60), "torch-zip"),
    ],
)
def test_a_pickle_is_forbidden_under_any_name_and_where_it_breaks_off(name: str, data: bytes, told: str, tmp_path: Path) -> None:
    found = result(tmp_path, '[formats]\nforbid = ["@pickle"]\n', make.tree(bundle(tmp_path), {name: data}))
    assert [(item.locations[0].path, told in item.message) for item in found.violations] == [(name, True)]


def test_a_file_that_a_reader_of_pickles_could_not_read_may_be_one(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text('[formats]\nforbid = ["@pickle"]\n')
    problem = Problem(location=Location(root="weights", path="x"), reason="truncated", detector="torch-legacy")
    report = judge(msgspec.structs.replace(make.inventory(), problems=(problem,)), ())
    found = hold_against(report, load_policy(tmp_path / "policy.toml"), TODAY).policy
    assert found is not None
    assert [(item.locations[0].path, "perhaps torch-legacy, it could not be read" in item.message) for item in found.violations] == [
        ("x", True)
    ]


def test_files_of_no_known_format_can_be_forbidden(tmp_path: Path) -> None:
    found = result(tmp_path, '[formats]\nforbid = ["@unrecognised"]\n', bundle(tmp_path, blob_dat=bytes(range(256))))
    assert [item.locations[0].path for item in found.violations] == ["blob.dat"]


def test_every_group_names_formats_and_rules_that_exist() -> None:
    known = {name for item in load_registry().detectors for name in item.formats}
    for group in load_format_groups().values():
        assert set(group.formats) <= known
        assert [rule for rule in group.rules if load_rules().get(rule) is None] == []


def test_no_pickle_of_the_samples_gets_past_the_group(tmp_path: Path) -> None:
    (system,) = (item for item in all_systems() if item.name == "formats")
    top = build(system, tmp_path / "samples")
    report = held(tmp_path, '[formats]\nforbid = ["@pickle"]\n', *(top / root.name for root in system.roots))
    assert report.policy is not None
    caught = {place.path.partition("!/")[0] for item in report.policy.violations for place in item.locations}
    suspect = (".pkl", ".pickle", ".pt", ".pth", ".joblib", ".nemo", ".mar", ".distcp")
    assert [item.path for item in report.inventory.files if item.path.endswith(suspect) and item.path not in caught] == []
    formats = {item.format for item in report.inventory.files if item.path in caught}
    assert {"pickle", "compressed-pickle", "torch-zip", "torch-tar", "torch-distributed", "torchserve", "nemo"} <= formats


def test_the_worst_severity_is_for_all_and_a_subject_can_have_its_own(tmp_path: Path) -> None:
    top = bundle(tmp_path, x_pkl=PICKLE)
    assert {item.asked for item in result(tmp_path, '[issues]\nworst = "medium"\n', top).violations} == {"issues.worst = medium"}
    assert result(tmp_path, '[issues]\nworst = "low"\n[issues.about]\nsafety = "high"\nterms = "low"\n', top).holds
    about = result(tmp_path, '[issues]\nworst = "high"\n[issues.about]\nsafety = "none"\n', top)
    assert {(item.rule, item.severity, item.asked) for item in about.violations} == {
        ("pickle.unexpected-global", "high", "issues.about.safety = none")
    }


def test_required_files_are_looked_for_in_roots_of_their_role(tmp_path: Path) -> None:
    code = make.tree(tmp_path / "code", {"src/requirements.txt": "torch==2.0\n"})
    (tmp_path / "policy.toml").write_text('[[files]]\nrole = "code"\nrequire = ["**/requirements.txt", "*.lock"]\n')
    rules = load_policy(tmp_path / "policy.toml")
    alone = hold_against(judge(inspect([bundle(tmp_path)]), ()), rules, TODAY).policy
    assert alone is not None
    assert [item.settle for item in alone.violations] == ["Pass the root: --with code=PATH."] * 2
    both = hold_against(judge(inspect([tmp_path / "m"], supplements=[(Role.CODE, code)]), ()), rules, TODAY).policy
    assert both is not None
    assert [(item.subject, item.locations[0].root) for item in both.violations] == [("*.lock", "code")]


def test_what_could_not_be_read_or_was_not_downloaded_violates_where_the_policy_says_so(tmp_path: Path) -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"a" * 64 + b"\nsize 9\n"
    top = bundle(tmp_path, b_safetensors=b"\xff" * 8, c_safetensors=pointer)
    found = result(tmp_path, 'unread = "forbid"\n', top)
    assert {place.path for item in found.violations if item.rule == "policy.unread" for place in item.locations} == {
        "b.safetensors",
        "c.safetensors",
    }
    assert result(tmp_path, '[formats]\nforbid = ["@program"]\n', top).holds


EXCEPTION = '[formats]\nforbid = ["pickle"]\n[[exception]]\n{}\nreason = "r"\nowner = "o"\nexpires = {}\n'


def test_an_exception_covers_what_it_names_to_the_end_of_its_last_day(tmp_path: Path) -> None:
    top = bundle(tmp_path, x_pkl=PICKLE, y_pkl=PICKLE)
    covering = EXCEPTION.format('rule = "policy.format"\npath = "x.*"', TODAY)
    found = result(tmp_path, covering, top)
    assert [item.locations[0].path for item in found.violations] == ["y.pkl"]
    assert [(item.standing, item.violations[0].locations[0].path) for item in found.exceptions] == [(Standing.HOLDS, "x.pkl")]
    late = result(tmp_path, covering, top, today=TODAY + dt.timedelta(days=1))
    assert [(item.locations[0].path, item.lapsed) for item in late.violations] == [("x.pkl", True), ("y.pkl", False)]
    assert late.exceptions[0].standing is Standing.EXPIRED
    assert "an exception covered it until it expired" in render(held(tmp_path, covering, top, today=dt.date(2099, 1, 1)), Format.TERMINAL)


def test_an_exception_that_covers_nothing_is_told(tmp_path: Path) -> None:
    covering = EXCEPTION.format('rule = "policy.format"\npath = "z.pkl"', TODAY)
    found = result(tmp_path, covering, bundle(tmp_path))
    assert (found.holds, found.exceptions[0].standing) == (True, Standing.UNUSED)


def test_a_path_covers_its_places_of_an_issue_and_leaves_the_others(tmp_path: Path) -> None:
    policy = '[issues]\nworst = "none"\n[[exception]]\nrule = "terms.conflict"\npath = "README.md"\nreason = "r"\nowner = "o"\nexpires = 2030-01-01\n'
    top = make.tree(
        tmp_path / "m",
        {"model.safetensors": WEIGHTS, "README.md": CARD.format("mit"), "config.json": '{"license": "gpl-3.0", "model_type": "llama"}'},
    )
    report = held(tmp_path, policy, top)
    issues = [item for item in report.inventory.issues if item.rule == "terms.conflict"]
    if not issues:
        pytest.skip("these statements do not contradict each other")
    assert report.policy is not None
    left = {place.path for item in report.policy.violations if item.rule == "terms.conflict" for place in item.locations}
    assert left == {place.path for item in issues for place in item.locations} - {"README.md"}


def test_a_requirement_that_is_excepted_does_not_stand_in_the_way_of_its_standard(tmp_path: Path) -> None:
    first = result(tmp_path, '[require]\nmof = "III"\n', bundle(tmp_path))
    entries = [
        f'[[exception]]\nrequirement = "{item.requirement}"\nreason = "r"\nowner = "o"\nexpires = 2030-01-01\n' for item in first.violations
    ]
    assert result(tmp_path, '[require]\nmof = "III"\n' + "\n".join(entries[1:]), tmp_path / "m").violations == first.violations[:1]
    assert result(tmp_path, '[require]\nmof = "III"\n' + "\n".join(entries), tmp_path / "m").holds


def test_terms_of_one_component_can_be_excepted(tmp_path: Path) -> None:
    covering = '[[terms]]\nallow = ["free"]\n[[exception]]\nrule = "policy.terms"\ncomponent = "parameters-final"\n' + REST
    assert result(tmp_path, covering, bundle(tmp_path)).holds


def test_without_a_policy_the_report_has_not_a_byte_more(tmp_path: Path) -> None:
    report = judge(inspect([bundle(tmp_path)]))
    with_policy = held(tmp_path, '[require]\nosaid = "conforms"\n[formats]\nforbid = ["@pickle"]\n', tmp_path / "m")
    plain = json.loads(render(report))
    assert "policy" not in plain
    assert "baseline" not in plain
    told = json.loads(render(with_policy))
    jsonschema.validate(told, json.loads((TOP / "docs" / "schema" / "report-1.json").read_text()))
    assert told.pop("policy")["day"] == "2026-03-01"
    assert told.pop("baseline", None) is None
    assert {key: told[key] for key in ("standards", "terms", "issues")} == {key: plain[key] for key in ("standards", "terms", "issues")}


def test_the_page_says_first_what_is_violated_where_who_asks_and_what_to_do(tmp_path: Path) -> None:
    text = render(held(tmp_path, '[formats]\nforbid = ["@pickle"]\n', bundle(tmp_path, x_pkl=PICKLE)), Format.TERMINAL)
    assert text.startswith(" VIOLATED   policy policy  ")
    for told in (
        "a file of a forbidden format: pickle (@pickle is forbidden)",
        "m/x.pkl",
        "asked by formats.forbid = @pickle",
        "safetensors or GGUF",
    ):
        assert told in text


def test_the_command_fails_with_1_and_says_why_in_one_line_each(tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text('unread = "forbid"\n[formats]\nforbid = ["@pickle"]\n')
    top = bundle(tmp_path, x_pkl=PICKLE)
    done = run("audit", top, "--policy", tmp_path / "p.toml", "-o", tmp_path / "report.txt")
    assert (done.returncode, done.stdout) == (ExitCode.REQUIREMENT_NOT_MET, "")
    assert done.stderr == "inspector: policy: m/x.pkl: policy.format: a file of a forbidden format: pickle (@pickle is forbidden)\n"
    (top / "x.pkl").unlink()
    done = run("audit", top, "--policy", tmp_path / "p.toml")
    assert (done.returncode, done.stderr) == (ExitCode.DONE, "")
    assert done.stdout.startswith(" HOLDS   policy p")


def test_what_is_excepted_from_being_read_is_no_exit_code_3(tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text(
        'unread = "forbid"\n[[exception]]\npath = "b.safetensors"\nreason = "r"\nowner = "o"\nexpires = 2099-01-01\n'
    )
    top = bundle(tmp_path, b_safetensors=b"\xff" * 8)
    assert run("audit", top).returncode == ExitCode.UNREADABLE
    done = run("audit", top, "--policy", tmp_path / "p.toml")
    assert (done.returncode, "Could not be read (1)" in done.stdout) == (ExitCode.DONE, True)


def test_a_policy_that_is_wrong_is_2_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text('[formats]\nforbid = ["pickel"]\n')
    done = run("audit", bundle(tmp_path), "--policy", tmp_path / "p.toml")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (ExitCode.USAGE, "", 1)
    assert run("audit", tmp_path / "m", "--policy", tmp_path / "none.toml").returncode == ExitCode.USAGE


def test_a_new_policy_can_be_used_as_it_is_and_is_not_written_over(tmp_path: Path) -> None:
    target = tmp_path / "policy.toml"
    assert run("policy", "init", "-o", target).returncode == ExitCode.DONE
    assert target.read_bytes() == read_shipped("new-policy.toml")
    done = run("policy", "check", target)
    assert (done.returncode, done.stdout.splitlines()[0]) == (ExitCode.DONE, "policy.toml: Model intake")
    assert run("policy", "init", "-o", target).returncode == ExitCode.USAGE
    target.write_text('[formats]\nforbid = ["pickel"]\n')
    assert run("policy", "check", target).returncode == ExitCode.USAGE


def test_every_key_of_a_policy_is_explained_in_the_new_one() -> None:
    text = read_shipped("new-policy.toml").decode()
    for key in (
        "title",
        "unread",
        "[require]",
        "[[terms]]",
        "components",
        "allow",
        "deny",
        "settle",
        "[formats]",
        "[issues]",
        "worst",
        "[issues.about]",
    ):
        assert key in text
    for key in ("[[files]]", "role", "[[exception]]", "rule", "requirement", "component", "path", "reason", "owner", "expires"):
        assert key in text


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: str(path.stem))
def test_every_example_is_a_policy(example: Path) -> None:
    assert load_policy(example).title


def test_the_examples_catch_what_they_are_for(tmp_path: Path) -> None:
    (system,) = (item for item in all_systems() if item.name == "traps")
    top = build(system, tmp_path)
    report = judge(inspect([top / "traps-weights"], digest=False), ("osaid", "mof"))
    caught = {path.stem: hold_against(report, load_policy(path), TODAY).policy for path in EXAMPLES}
    assert len(caught) == 3
    for found in caught.values():
        assert found is not None
        assert {"template.escape", "policy.format"} <= {item.rule for item in found.violations}


def test_what_an_exception_accepts_is_suppressed_in_sarif_and_nothing_else(tmp_path: Path) -> None:
    place = bundle(tmp_path, x_pkl=PICKLE, y_pkl=PICKLE)
    policy = '[issues]\nworst = "low"\n[[exception]]\nrule = "pickle.unexpected-global"\npath = "x.pkl"\n' + REST
    results = json.loads(render(held(tmp_path, policy, place), "sarif"))["runs"][0]["results"]
    shown = {
        item["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]: item.get("suppressions")
        for item in results
        if item["ruleId"] == "pickle.unexpected-global"
    }
    assert shown == {"x.pkl": [{"kind": "external", "status": "accepted", "justification": "r (until 2030-01-01, o)"}], "y.pkl": None}

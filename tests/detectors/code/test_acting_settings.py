"""Settings that name code: what fires, and the neighbour that does not."""

import json

import pytest

from detectors.code.acting_settings import acting_settings
from inspector.errors import Malformed
from inspector.model import Issue
from tests import make

HYDRA = "_target_: hydra.utils.get_method\npath: {}\n"


def found(path: str, text: str) -> set[tuple[str, str]]:
    return {(item.rule, str(item.severity)) for item in make.look(acting_settings, path, text) if isinstance(item, Issue)}


@pytest.mark.parametrize(
    ("path", "text", "rule", "severity"),
    [
        ("config.json", '{"trust_remote_code": true}', "config.trusts-remote-code", "high"),
        ("config.json", '{"text_config": {"trust_remote_code": "True"}}', "config.trusts-remote-code", "high"),
        ("train.yaml", "trust_remote_code: true\n", "config.trusts-remote-code", "low"),
        ("config.json", '{"_attn_implementation_internal": "a/b"}', "config.kernel-from-hub", "high"),
        ("config.json", '{"vision": {"attn_implementation": "a/b@main"}}', "config.kernel-from-hub", "high"),
        ("train.yml", "attn_implementation: kernels-community/flash-attn2\n", "config.kernel-from-hub", "low"),
        ("model_index.json", '{"custom_pipeline": "a/b"}', "config.custom-pipeline", "high"),
        ("model_index.json", '{"custom_pipeline": "pipeline.py"}', "config.custom-pipeline", "medium"),
        ("a.yaml", "_target_: os.system\n", "config.target", "high"),
        ("a.yaml", "x:\n- _target_: builtins.eval\n", "config.target", "high"),
        ("a.yaml", "model:\n  class_path: subprocess.Popen\n", "config.target", "high"),
        ("a.yaml", HYDRA.format("os.system"), "config.target", "high"),
        ("a.yaml", HYDRA.format("my.project.make"), "config.target", "note"),
        ("a.yaml", "_target_: my.project.Model\n", "config.target", "note"),
        ("io.json", '{"a": {"type": "pyref", "module": "os", "name": "system"}}', "config.target", "high"),
        ("config.json", '{"model": {"type": "os.system"}}', "config.target", "high"),
        ("a.yaml", "model:\n  type: subprocess.Popen\n", "config.target", "high"),
        ("config.json", r'{"trust\u005fremote_code": true}', "config.trusts-remote-code", "high"),
        ("a.yaml", r'"\x5ftarget_": "\x6fs.system"', "config.target", "high"),
        ("a.yaml", "!!python/object/apply:os.system [a]\n", "config.yaml-tag", "high"),
        ("a.yaml", "%TAG !p! tag:yaml.org,2002:python/\n---\n!p!object/apply:os.system [a]\n", "config.yaml-tag", "high"),
        ("a.yaml", "!!python/object/apply:my.thing [a]\n", "config.yaml-tag", "medium"),
        ("mkdocs.yml", "x: !!python/name:material.extensions.emoji.twemoji\n", "config.yaml-tag", "low"),
        ("a.yaml", "{{ x }}: [\n!!python/object/apply:os.system", "config.yaml-tag", "high"),
        ("a.gin", "import os\n", "config.gin-import", "high"),
        ("a.gin", "from t5x import models\n", "config.gin-import", "note"),
        ("a.xml", '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a/>', "config.xml-entity", "high"),
        ("a.xml", '<!DOCTYPE a [<!ENTITY x "y">]><a/>', "config.xml-entity", "low"),
    ],
)
def test_what_names_code_is_found(path: str, text: str, rule: str, severity: str) -> None:
    assert found(path, text) == {(rule, severity)}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("config.json", '{"trust_remote_code": false, "attn_implementation": "flash_attention_2", "_attn_implementation_internal": null}'),
        ("a.yaml", "_target_: torch.nn.Linear\n"),
        ("a.yaml", "model:\n  type: sentence_transformers.models.Pooling\n"),
        ("a.json", '{"type": "io.file", "y": {"type": "code"}}'),
        ("a.yaml", "x: !!python/tuple [1, 2]\ny: !!python/object/apply:collections.OrderedDict [[]]\n"),
        ("io.json", '{"a": {"type": "pyref", "module": "nemo.lightning", "name": "Trainer"}}'),
        ("a.gin", "train.steps = 1  # import os\n"),
        ("a.xml", '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0//EN" "http://www.w3.org/TR/xhtml1.dtd"><html/>'),
        ("data.json", json.dumps([{"text": "trust_remote_code"}])),
    ],
)
def test_the_neighbour_is_none(path: str, text: str) -> None:
    assert found(path, text) == set()


def test_json_that_breaks_where_code_is_named_is_malformed() -> None:
    with pytest.raises(Malformed, match="names code"):
        make.look(acting_settings, "config.json", '{"trust_remote_code": true,}')
    with pytest.raises(Malformed, match="nested"):
        make.look(acting_settings, "config.json", '{"trust_remote_code": ' + "[" * 100 + "]" * 100 + "}")

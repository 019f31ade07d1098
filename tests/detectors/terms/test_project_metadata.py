"""Licences in the records of archives, registries and catalogues."""

import json

import pytest

from detectors.terms.project_metadata import project_metadata
from inspector.detector import Declared, Format
from inspector.model import Component
from tests import make

SPDX = "https://spdx.org/licenses/"


@pytest.mark.parametrize(
    ("name", "record", "declared", "component"),
    [
        ("codemeta.json", {"license": f"{SPDX}MIT"}, [f"{SPDX}MIT"], Component.UNSPECIFIED),
        (
            "codemeta.json",
            {"license": ["MIT", {"@id": f"{SPDX}ISC"}]},
            ["MIT", f"{SPDX}ISC"],
            Component.UNSPECIFIED,
        ),
        (".zenodo.json", {"license": {"id": "cc-by-4.0"}}, ["cc-by-4.0"], Component.UNSPECIFIED),
        ("codemeta.json", {"license": 7}, [], Component.UNSPECIFIED),
    ],
)
def test_what_a_record_declares(name: str, record: dict[str, object], declared: list[str], component: Component) -> None:
    form, *said = make.look(project_metadata, name, json.dumps(record))
    assert isinstance(form, Format)
    assert [item.text for item in said if isinstance(item, Declared)] == declared
    assert all(isinstance(item, Declared) and item.component is component for item in said)


@pytest.mark.parametrize(("name", "data"), [("metadata.json", '{"license": "mit"}'), ("codemeta.json", "[]")])
def test_other_json_is_left_alone(name: str, data: str) -> None:
    assert make.look(project_metadata, name, data) == []

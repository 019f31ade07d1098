"""Vendored trees: found by where they lie and by their licences; code of others alone is not the project's own."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from inspector import inspect
from inspector.model import Claim, Component
from sample_bundles.build import read_license
from tests import make
from tests.sources.test_chains import LOOP

MIT, BSD = f"Copyright (c) 2020 One\n\n{read_license('mit')}", f"Copyright (c) 2021 Two\n\n{read_license('bsd-new')}"


def seen(tmp_path: Path, files: Mapping[str, str | bytes]) -> tuple[list[str], list[str]]:
    """List the vendored trees, and what is missing for them."""
    found = inspect([make.tree(tmp_path / "b", files)], digest=False).evidence
    trees = [item.value for item in found if item.component is Component.SUPPORTING and item.claim is Claim.DERIVED]
    return trees, [item.value for item in found if item.claim is Claim.MISSING]


@pytest.mark.parametrize(
    ("files", "trees", "missing"),
    [
        ({"train.py": LOOP}, [], []),
        ({"train.py": LOOP, "third_party/apex/a.py": "x = 1\n"}, ["third_party/apex"], []),
        ({"third_party/neox/train.py": LOOP}, ["third_party/neox"], ["the project's own training code"]),
        ({"third_party/neox/train.py": LOOP, "go.sh": "python third_party/neox/train.py\n"}, ["third_party/neox"], []),
        ({"vendor/a/b/train.py": LOOP, "main.py": "from vendor.a.b import train\n"}, ["vendor/a"], []),
        ({"LICENSE": MIT, "lib/LICENSE": BSD, "lib/setup.py": "", "lib/train.py": LOOP}, ["lib"], ["the project's own training code"]),
        ({"LICENSE": MIT, "lib/LICENSE": MIT, "lib/setup.py": "", "lib/train.py": LOOP}, [], []),
        ({"LICENSE": MIT, "lib/LICENSE": BSD, "lib/train.py": LOOP}, [], []),
    ],
)
def test_what_lies_in_a_tree_of_others_needs_somebody_who_uses_it(
    files: Mapping[str, str | bytes], trees: list[str], missing: list[str], tmp_path: Path
) -> None:
    assert seen(tmp_path, files) == (trees, missing)

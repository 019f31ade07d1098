"""Which terms fit: by what they allow, by name, never one that is refused, and in doubt none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.judgement import Resolution
from inspector.licensing.licenses import load_licenses
from inspector.model import Bucket, Component
from inspector.requirement import Fitness
from inspector.scoring.catalogue import load_standard
from inspector.scoring.fitness import fits, is_fit, is_preferred, is_wider

LICENSES = load_licenses()
POLICY = Fitness(
    id="code",
    accept=(Bucket.OSI_APPROVED,),
    licenses=("CC0-1.0", "LicenseRef-llama-3-community"),
    refuse=("AGPL-3.0-only", "AGPL-3.0-or-later"),
)
MOF = {rule.id: rule.terms.fitness for rule in load_standard("mof").requirements if rule.terms}
CODE, DATA = MOF["mof.training-code"], MOF["mof.datasets"]


def resolution(expression: str, bucket: Bucket | None = None, *, conflict: bool = False) -> Resolution:
    return Resolution(
        component=Component.TRAINING,
        root="code",
        expression=expression,
        bucket=bucket or LICENSES.bucket(expression),
        conflict=conflict,
        files=1,
        because=(),
        reason="",
    )


@pytest.mark.parametrize(
    ("expression", "fit"),
    [
        ("Apache-2.0", True),
        ("CC0-1.0", True),
        ("LicenseRef-llama-3-community", True),
        ("AGPL-3.0-only", False),
        ("AGPL-3.0", False),
        ("Apache-2.0 AND AGPL-3.0-or-later", False),
        ("Apache-2.0 OR AGPL-3.0-only", True),
        ("CC-BY-NC-4.0 OR AGPL-3.0-only", False),
        ("MIT AND CC0-1.0", True),
        ("MIT AND CC-BY-NC-4.0", False),
        ("GPL-2.0-only WITH Classpath-exception-2.0", True),
        ("LicenseRef-never-heard-of", False),
    ],
)
def test_a_policy_of_buckets_with_names_added_and_taken_away(expression: str, fit: bool) -> None:
    assert is_fit(resolution(expression), POLICY, LICENSES) is fit


def test_terms_that_contradict_each_other_fit_nothing() -> None:
    assert not is_fit(resolution("Apache-2.0", conflict=True), POLICY, LICENSES)


def test_terms_that_count_for_less_where_they_stand_satisfy_no_list_of_names() -> None:
    named = Fitness(id="code", licenses=("Apache-2.0",))
    assert is_fit(resolution("Apache-2.0"), named, LICENSES)
    assert not is_fit(resolution("Apache-2.0", Bucket.UNKNOWN), named, LICENSES)
    assert not is_fit(resolution("", Bucket.UNSTATED), named, LICENSES)


def test_code_needs_approval_and_data_may_have_free_terms() -> None:
    assert [is_fit(resolution("CC-BY-4.0"), kind, LICENSES) for kind in (CODE, DATA)] == [False, True]
    assert is_wider(resolution("CC-BY-4.0"), CODE, LICENSES)
    assert not is_wider(resolution("CC-BY-NC-4.0"), CODE, LICENSES)


def test_what_fits_and_is_not_preferred_is_said() -> None:
    assert is_preferred("Apache-2.0", CODE, LICENSES)
    assert not is_preferred("Apache-2.0", DATA, LICENSES)
    assert is_preferred("GPL-3.0-only", Fitness(id="any", accept=(Bucket.OSI_APPROVED,)), LICENSES)


@given(st.text(alphabet=st.characters(codec="ascii", categories=["L", "N"]), max_size=20).map("LicenseRef-declared-{}".format))
def test_an_unknown_licence_fits_no_kind_of_content_of_the_framework(expression: str) -> None:
    for text in (expression, f"Apache-2.0 AND {expression}", f"{expression} AND CC-BY-4.0"):
        assert not any(fits(text, LICENSES.bucket(text), kind, LICENSES) for kind in MOF.values())
        assert not any(is_wider(resolution(text), kind, LICENSES) for kind in MOF.values())

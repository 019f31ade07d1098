"""Credentials by their shapes: found where they stand, never written out, and placeholders are none. All of them are made up here."""

import pytest

from detectors.code.secrets import secrets
from inspector.model import Issue
from sample_bundles.systems.traps import TOKEN
from tests import make

BODY = "qWzRtYpLkJhGfDsVbNmQxCvZaSwEdRtGyHuJ"
KEY = "-----BEGIN RSA PRIVATE KEY-----\n" + "MIIEowIBAAKCAQEAq7Zr9" * 12 + "\n-----END RSA PRIVATE KEY-----\n"


def found(path: str, text: str) -> list[Issue]:
    return [item for item in make.look(secrets, path, text) if isinstance(item, Issue)]


@pytest.mark.parametrize(
    "secret",
    [
        TOKEN,
        f"ghp_{BODY}",
        f"github_pat_{BODY[:22]}_{BODY}{BODY[:23]}",
        "AKIAQ7WERT2YUP3ASDFG",
        f"sk-{BODY[:20]}T3BlbkFJ{BODY[5:25]}",
        f"sk-proj-{BODY}T3BlbkFJ{BODY}",
        f"sk-ant-api03-{BODY}{BODY}{BODY[:20]}-AA",
        f"xoxb-12093847561-98237465102-{BODY[:24]}",
        f"AIza{BODY[:35]}",
        KEY,
    ],
    ids=lambda text: str(text)[:8],
)
def test_a_credential_is_found_and_not_written_out(secret: str) -> None:
    (issue,) = found("settings.py", f"x = '''{secret}'''\n")
    assert (issue.rule, issue.severity) == ("secrets.credential", "medium")
    assert issue.locations[0].pointer == "line 1"
    assert secret[:12] not in issue.message
    assert "…" in issue.message


def test_a_key_in_a_text_of_code_is_shown_without_its_line_breaks() -> None:
    (issue,) = found("settings.py", f"x = {KEY!r}\n")
    assert "\\" not in issue.message


def test_tests_and_documents_make_credentials_up() -> None:
    assert [issue.severity for path in ("tests/a.py", "docs/a.txt", "README.md") for issue in found(path, TOKEN)] == ["low"] * 3


@pytest.mark.parametrize(
    "text",
    [
        "hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "hf_" + "a" * 34,
        "AKIAIOSFODNN7EXAMPLE",
        "hf_hub_download",
        "sk-your-key-here",
        "-----BEGIN PUBLIC KEY-----\nMIIB\n",
        "-----BEGIN PRIVATE KEY-----\n...\n",
        "ghp_short",
        "https://a.invalid/x?X-Amz-Credential=AKIAQ7WERT2YUP3ASDFG%2F20250414%2Fus-east-1%2Fs3%2Faws4_request",
    ],
)
def test_placeholders_are_none(text: str) -> None:
    assert found("settings.py", text) == []


def test_vocabularies_and_large_files_are_not_looked_at() -> None:
    assert found("vocab.json", TOKEN) == []
    assert found("a.py", TOKEN + " " * (2 * 2**20)) == []

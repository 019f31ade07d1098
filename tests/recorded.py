"""Bundles with records, as the programs that keep them write them: builders that the tests of `inspector verify` share."""

import hashlib
import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from inspector.bundle import open_root, survey
from inspector.verification.check import verify
from inspector.verification.integrity import FileAnswer, State, Trust, Verification
from tests import make

FIRST = b"first " * 40
SECOND = b"second" * 40
FILES: Mapping[str, bytes] = {"a.bin": FIRST, "sub/b.bin": SECOND, "note.txt": b"a note\n"}
COMMIT = "0123456789abcdef0123456789abcdef01234567"
OTHER = "89abcdef0123456789abcdef0123456789abcdef"
TIME = "1700000000.5"


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def digest(function: str, data: bytes) -> str:
    return hashlib.new(function, data, usedforsecurity=False).hexdigest()


def git_name(data: bytes) -> str:
    return digest("sha1", b"blob %d\0" % len(data) + data)


def pointer(data: bytes) -> bytes:
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{sha256(data)}\nsize {len(data)}\n".encode()


def etag(path: str, data: bytes) -> str:
    """Give the etag of a file: git's name for texts, SHA-256 for what git-lfs keeps."""
    return git_name(data) if path.endswith(".txt") else sha256(data)


def tree_file(path: str, data: bytes) -> dict[str, object]:
    """Give what the hub lists of a file."""
    if path.endswith(".txt"):
        return {"size": len(data), "blob_id": git_name(data)}
    return {"size": len(data), "blob_id": git_name(pointer(data)), "lfs_sha256": sha256(data), "lfs_size": len(data), "xet_hash": None}


def tree_json(files: Mapping[str, bytes]) -> str:
    return json.dumps({"format_version": 1, "files": {path: tree_file(path, data) for path, data in files.items()}})


def hub_download(top: Path, files: Mapping[str, bytes] = FILES, *, listed: bool = False, commit: str = COMMIT) -> Path:
    """Write a local directory as the hub's client does, with the list of all files of the commit if asked."""
    records = {f".cache/huggingface/download/{path}.metadata": f"{commit}\n{etag(path, data)}\n{TIME}\n" for path, data in files.items()}
    records |= {".cache/huggingface/.gitignore": "*", ".cache/huggingface/CACHEDIR.TAG": "Signature: 8a477f597d28d172789f06886806bc55"}
    if listed:
        records[f".cache/huggingface/trees/{commit}.json"] = tree_json(files)
    return make.tree(make.tree(top, files), records)


def hub_cache(top: Path, files: Mapping[str, bytes] = FILES, *, listed: bool = False, absent: str = "absent.json") -> Path:
    """Write a cache as the hub's client does: blobs by etag, links to them, the reference, and what does not exist upstream."""
    repo = make.tree(top / "models--owner--name", {f"blobs/{etag(path, data)}": data for path, data in files.items()})
    make.tree(repo, {"refs/main": COMMIT, f".no_exist/{COMMIT}/{absent}": ""})
    if listed:
        make.tree(repo, {f"trees/{COMMIT}.json": tree_json(files)})
    for path, data in files.items():
        link = repo / "snapshots" / COMMIT / path
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(Path(os.path.relpath(repo / "blobs" / etag(path, data), link.parent)))
    return repo


def git(top: Path, *arguments: str) -> str:
    """Run git without anybody's settings."""
    settings = {
        "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.org", "PATH": os.environ["PATH"],
    }  # fmt: skip
    done = subprocess.run(["git", "-C", str(top), *arguments], check=True, capture_output=True, text=True, env=settings)
    return done.stdout.strip()


def clone(top: Path, files: Mapping[str, bytes] = FILES, *, packed: bool = False, form: str = "sha1") -> Path:
    """Make a repository with one commit of some files; packed into one file of objects, if asked."""
    make.tree(top, files)
    git(top, "init", "-q", f"--object-format={form}", "-b", "main")
    git(top, "add", "-A")
    git(top, "commit", "-q", "-m", "files")
    if packed:
        git(top, "gc", "-q", "--aggressive", "--prune=now")
    return top


def checksums(top: Path, files: Mapping[str, bytes] = FILES) -> Path:
    """Write files with a list of their checksums, as GNU's sha256sum does."""
    return make.tree(make.tree(top, files), {"SHA256SUMS": "".join(f"{sha256(data)}  {path}\n" for path, data in files.items())})


def statement(files: Mapping[str, bytes], left_out: tuple[str, ...] = ("model.sig", ".gitattributes")) -> dict[str, object]:
    """Make the statement of a model as OpenSSF model signing writes it."""
    resources = [{"name": path, "algorithm": "sha256", "digest": sha256(data)} for path, data in sorted(files.items())]
    together = sha256(b"".join(bytes.fromhex(str(item["digest"])) for item in resources))
    serialization = {"method": "files", "hash_type": "sha256", "allow_symlinks": False, "ignore_paths": list(left_out)}
    return {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "model", "digest": {"sha256": together}}],
        "predicateType": "https://model_signing/signature/v1.0",
        "predicate": {"serialization": serialization, "resources": resources},
    }


def answer(top: Path, trust: Trust | None = None) -> Verification:
    return verify([top], trust=trust or Trust())


def states(found: Verification) -> dict[str, str]:
    """Give the state of every file that is not intact by its path."""
    return {item.path: str(item.state) for item in found.files if item.state is not State.INTACT}


def one(found: Verification, path: str) -> FileAnswer:
    return next(item for item in found.files if item.path == path)


def reasons(found: Verification, path: str) -> str:
    return "; ".join(check.reason for check in one(found, path).checks)


def rules(found: Verification) -> list[str]:
    return [issue.rule for issue in found.issues]


def real(top: Path, path: str) -> Path:
    """Give the file that stands behind a path of a bundle: of a cache it is the blob."""
    return Path(os.fsdecode(survey(open_root(top)).entries[path].real))

"""Bundles behind a web server: listed by its index pages, and of large files only ranges are fetched.

The server is a process on the loopback address; what speaks to it are processes too, so that no socket is opened in this one.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from inspector.errors import ExitCode
from sample_bundles.weights import Tensor, safetensors_bytes
from tests import fleets, make
from tests.test_cli import TOP, run

SERVER = """
import os, re, sys
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
RANGES = sys.argv[2] == "ranges"
class Handler(SimpleHTTPRequestHandler):
    def __init__(self, *args):
        super().__init__(*args, directory=sys.argv[1])
    def log_message(self, *_):
        pass
    def end_headers(self):
        if RANGES:
            self.send_header("Accept-Ranges", "bytes")
        super().end_headers()
    def do_GET(self):
        match = re.fullmatch(r"bytes=(\\d+)-(\\d+)", self.headers.get("Range", ""))
        path = self.translate_path(self.path)
        if not RANGES or not match or not os.path.isfile(path):
            return super().do_GET()
        size = os.path.getsize(path)
        first, last = int(match[1]), min(int(match[2]), size - 1)
        with open(path, "rb") as stream:
            stream.seek(first)
            data = stream.read(last - first + 1)
        with open(sys.argv[3], "a") as log:
            print(len(data), self.path, file=log)
        self.send_response(206)
        self.send_header("Content-Range", f"bytes {first}-{last}/{size}")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
"""


@contextmanager
def serving(top: Path, how: str = "ranges") -> Iterator[str]:
    """Serve a directory; give its address. What was fetched in ranges stands in `fetched` beside it."""
    pytest.importorskip("aiohttp")
    command = [sys.executable, "-c", SERVER, str(top), how, str(top.parent / "fetched")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip() if process.stdout else ''}/store"
        finally:
            process.kill()


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Two small bundles, and one with weights of 16 MiB."""
    store = fleets.write_store(tmp_path / "www" / "store", 2)
    make.tree(store / "large", {"config.json": "{}", "model.safetensors": safetensors_bytes([Tensor("a", "F16", (4096, 2048))])})
    return store


def reports(top: Path) -> dict[str, str]:
    """Give the reports of a run by where the bundles lie in their store."""
    rows = json.loads(run("query", top, "SELECT place, bundle FROM bundles", "--format", "json").stdout)
    return {row["place"]: (top / "reports" / f"{row['bundle']}.json").read_text() for row in rows}


def test_bundles_of_a_web_server_have_the_reports_of_the_same_bundles_on_a_disk(store: Path, tmp_path: Path) -> None:
    with serving(store.parent) as address:
        done = run("fleet", address, "--results", tmp_path / "r", "-j", "1", "--no-digest", cwd=TOP)
    assert done.returncode == ExitCode.DONE, done.stdout
    assert run("fleet", store, "--results", tmp_path / "here", "-j", "1", "--no-digest").returncode == ExitCode.DONE
    assert reports(tmp_path / "r") == reports(tmp_path / "here")
    fetched = [line.split() for line in (tmp_path / "fetched").read_text().splitlines()]
    assert 0 < sum(int(size) for size, path in fetched if path.endswith("large/model.safetensors")) < 4 * 2**20


def test_a_server_without_ranges_is_told_and_nothing_large_is_fetched_whole(store: Path, tmp_path: Path) -> None:
    with serving(store.parent, "whole") as address:
        done = run("fleet", address, "--results", tmp_path / "r", "-j", "1", "--format", "json", cwd=TOP)
    assert done.returncode == ExitCode.UNREADABLE
    told = json.loads(done.stdout)
    assert (told["audited"], told["failed"]) == (2, 1)
    told_of = "model.safetensors: ranges of it cannot be had: ValueError: The HTTP server doesn't appear to support range requests"
    assert told_of in told["reasons"][0]["reason"]
    assert told["reasons"][0]["example"].endswith("/store/large")

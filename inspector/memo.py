"""The memo: what was read in a file, kept between runs, so that a file that did not change is not read again.

A record is kept by the file's content (SHA-256 where it was computed, else its identity), its path in the bundle, its role, and the program that
read it. A file's identity (device, inode, size, times of change in nanoseconds) finds its digest without reading. SQLite in WAL mode; safe under
many processes. A memo that is broken, older or out of reach is set aside or does without: it is never a failure.
"""

import hashlib
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import msgspec

from inspector.bundle import Entry
from inspector.reading import Record
from inspector.tables import fingerprint

SCHEMA = 1
DAY = 86_400
# A file that changed so short a time ago (seconds) may change again without its times telling.
SETTLED = 2.0
LARGEST = 512 * 2**20
TABLES = """
CREATE TABLE IF NOT EXISTS digests (identity BLOB PRIMARY KEY, sha256 TEXT NOT NULL, used INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS records (key BLOB PRIMARY KEY, data BLOB NOT NULL, used INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS records_by_use ON records (used);
"""


class Stats(msgspec.Struct, frozen=True):
    """How much a memo holds: records, digests, and its size on disk in bytes."""

    path: str
    records: int
    digests: int
    size: int


class Memo:
    """A memo in a file; one without a file remembers nothing. Use it in a `with` block: what is new is written at the end."""

    def __init__(self, path: Path | None, *, paranoid: bool = False, largest: int = LARGEST) -> None:
        self.path, self.paranoid, self.largest = path, paranoid, largest
        self._database = None if path is None else _open(path)
        self._digests: dict[bytes, str] = {}
        self._records: dict[bytes, bytes] = {}
        self._used: set[bytes] = set()
        self._today = int(time.time()) // DAY

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def find_digest(self, entry: Entry) -> str | None:
        """Give the SHA-256 of a file that has not changed since it was computed."""
        if self._database is None or self.paranoid:
            return None
        with self._careful():
            row = self._database.execute("SELECT sha256 FROM digests WHERE identity = ?", (_identity(entry),)).fetchone()
            return str(row[0]) if row else None
        return None

    def recall(self, entry: Entry, sha256: str | None) -> Record | None:
        """Give what was read in a file of this content at this path, by this program."""
        if self._database is None or (self.paranoid and sha256 is None):
            return None
        keys = (_key(entry, sha256), _key(entry, None))
        with self._careful():
            row = self._database.execute("SELECT data, used, key FROM records WHERE key IN (?, ?)", keys).fetchone()
            if row is None:
                return None
            if row[1] < self._today:
                self._used.add(row[2])
            return msgspec.msgpack.decode(row[0], type=Record)
        return None

    def keep(self, entry: Entry, record: Record, sha256: str | None) -> None:
        """Remember what was read in a file; nothing of one that changed within the last two seconds."""
        if self._database is None or _changed(entry) > time.time() - SETTLED:
            return
        self._records[_key(entry, sha256)] = msgspec.msgpack.encode(record)
        if sha256 is not None:
            self._digests[_identity(entry)] = sha256

    def recall_made(self, what: str, entry: Entry) -> bytes | None:
        """Give what was made of a file that has not changed since, by this program; `what` says what it is."""
        if self._database is None or self.paranoid:
            return None
        with self._careful():
            row = self._database.execute("SELECT data FROM records WHERE key = ?", (_made_key(what, entry),)).fetchone()
            return bytes(row[0]) if row else None
        return None

    def keep_made(self, what: str, entry: Entry, data: bytes) -> None:
        """Remember what was made of a file; nothing of one that changed within the last two seconds."""
        if self._database is not None and _changed(entry) <= time.time() - SETTLED:
            self._records[_made_key(what, entry)] = data

    def stats(self) -> Stats:
        """Count what the memo holds."""
        records = digests = 0
        if self._database is not None:
            with self._careful():
                records = self._database.execute("SELECT count(*) FROM records").fetchone()[0]
                digests = self._database.execute("SELECT count(*) FROM digests").fetchone()[0]
        size = self.path.stat().st_size if self.path is not None and self.path.exists() else 0
        return Stats(str(self.path), records, digests, size)

    def clear(self) -> None:
        """Forget everything."""
        if self._database is not None:
            with self._careful():
                self._database.executescript("DELETE FROM records; DELETE FROM digests; VACUUM;")

    def close(self) -> None:
        """Write what is new, drop what was not used for longest above the limit on size, and close the file."""
        database, self._database = self._database, None
        if database is None:
            return
        try:
            with database:
                database.executemany(
                    "INSERT OR REPLACE INTO digests VALUES (?, ?, ?)", [(*row, self._today) for row in self._digests.items()]
                )
                database.executemany(
                    "INSERT OR REPLACE INTO records VALUES (?, ?, ?)", [(*row, self._today) for row in self._records.items()]
                )
                database.executemany("UPDATE records SET used = ? WHERE key = ?", [(self._today, key) for key in self._used])
            if self._records:
                self._evict(database)
        except sqlite3.Error:
            pass
        finally:
            database.close()

    def _evict(self, database: sqlite3.Connection) -> None:
        size = int(database.execute("SELECT total(length(data)) FROM records").fetchone()[0])
        with database:
            while size > self.largest:
                rows = database.execute("SELECT key, length(data) FROM records ORDER BY used, key LIMIT 1000").fetchall()
                for key, length in rows if size > self.largest else ():
                    if size > self.largest:
                        database.execute("DELETE FROM records WHERE key = ?", (key,))
                        size -= length
                if not rows:
                    break

    @contextmanager
    def _careful(self) -> Iterator[None]:
        """Do without the memo from the first error on."""
        try:
            yield
        except (sqlite3.Error, msgspec.MsgspecError):
            if self._database is not None:
                self._database.close()
            self._database = None


def default_path() -> Path:
    """Give the place of the memo in the user's cache directory (`XDG_CACHE_HOME`, else `~/.cache`)."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "inspector" / "memo.sqlite"


def _open(path: Path) -> sqlite3.Connection | None:
    """Open the file; one that is broken or of another version is set aside once."""
    for _ in range(2):
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            database = sqlite3.connect(path, timeout=5.0, check_same_thread=False)
            _check_version(database)
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = NORMAL")
            database.executescript(TABLES)
            database.execute(f"PRAGMA user_version = {SCHEMA}")
        except sqlite3.OperationalError:
            return None
        except sqlite3.DatabaseError:
            _set_aside(path)
        except OSError:
            return None
        else:
            return database
    return None


def _check_version(database: sqlite3.Connection) -> None:
    if database.execute("PRAGMA user_version").fetchone()[0] not in (0, SCHEMA):
        database.close()
        raise sqlite3.DatabaseError("the memo of another version")


def _set_aside(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        file = path.with_name(path.name + suffix)
        if file.exists():
            file.replace(path.with_name(f"{path.name}.broken{suffix}"))


def _identity(entry: Entry) -> bytes:
    return hashlib.sha256(repr(entry.identity).encode()).digest()[:16]


def _changed(entry: Entry) -> float:
    """Give the time of the last change of a file or of its record (seconds)."""
    return max(entry.identity[3:], default=0) / 1e9


def _made_key(what: str, entry: Entry) -> bytes:
    return hashlib.sha256("\0".join((fingerprint(), what, repr(entry.identity))).encode()).digest()[:16]


def _key(entry: Entry, sha256: str | None) -> bytes:
    content = sha256 or repr(entry.identity)
    parts = (fingerprint(), content, entry.path, entry.root.role or "")
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).digest()[:16]

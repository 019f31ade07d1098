"""The memo: what was read in a file, kept between runs, so that a file that did not change is not read again.

A record is kept by the file's content (SHA-256 where it was computed, else its identity), its path in the bundle, its role, and the program that
read it (docs/architecture.md says why not by detector). A file's identity (device, inode, size, times of change in nanoseconds) finds its digest
without reading; a small file of a size that is known is hashed to see whether its content is. SQLite in WAL mode; safe under many processes. A memo
that is broken or older is set aside and begun again, and one out of reach is done without: it is never a failure.
"""

import hashlib
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

import msgspec

from inspector.bundle import Entry
from inspector.decoding import decode_msgpack
from inspector.reading import Record
from inspector.tables import fingerprint

SCHEMA = 2
DAY = 86_400
# A file that changed so short a time ago (seconds) may change again without its times telling.
SETTLED = 2.0
LARGEST = 512 * 2**20
# A file up to this size (bytes) is hashed before it is read, where the memo knows a file of its size.
SMALL = 16 * 2**20
DIGEST_ROW = 120  # bytes that a row of `digests` takes, about
MARK = 16  # bytes of the digest before what is kept
WAIT, PAUSE = 60.0, 0.1  # seconds to wait for others who write: on a busy machine what is new must not be lost
TRIES = int(WAIT / PAUSE)
TABLES = """
CREATE TABLE IF NOT EXISTS digests (
    identity BLOB PRIMARY KEY, sha256 BLOB NOT NULL, size INTEGER NOT NULL, used INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS records (key BLOB PRIMARY KEY, data BLOB NOT NULL, used INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS records_by_use ON records (used);
CREATE INDEX IF NOT EXISTS digests_by_size ON digests (size);
"""
DROP_DIGESTS = "DELETE FROM digests WHERE identity IN (SELECT identity FROM digests ORDER BY used, identity LIMIT ?)"
OLDEST = "SELECT key, length(data) FROM records ORDER BY used, key LIMIT 1000"
COLUMNS = ("SELECT identity, sha256, size, used FROM digests LIMIT 0", "SELECT key, data, used FROM records LIMIT 0")


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
        self._digests: dict[bytes, tuple[str, int]] = {}
        self._records: dict[bytes, bytes] = {}
        self._used: set[bytes] = set()
        self._found: set[bytes] = set()
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
            key = _identity(entry)
            row = self._database.execute("SELECT sha256, used FROM digests WHERE identity = ?", (key,)).fetchone()
            if row is None:
                return None
            if row[1] < self._today:
                self._found.add(key)
            return _unseal(key, row[0]).decode()
        return None

    def may_know(self, entry: Entry) -> bool:
        """Say whether it is worth to hash a file before it is read: it is small, and a file of its size was hashed before."""
        if self._database is None or self.paranoid or entry.size > SMALL:
            return False
        with self._careful():
            return self._database.execute("SELECT 1 FROM digests WHERE size = ? LIMIT 1", (entry.size,)).fetchone() is not None
        return False

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
            return decode_msgpack(_unseal(row[2], row[0]), Record)
        return None

    def keep(self, entry: Entry, record: Record, sha256: str | None) -> None:
        """Remember what was read in a file; nothing of one that changed within the last two seconds."""
        if self._database is None or _changed(entry) > time.time() - SETTLED:
            return
        self._records[_key(entry, sha256)] = msgspec.msgpack.encode(record)
        if sha256 is not None:
            self._digests[_identity(entry)] = (sha256, entry.size)

    def recall_made(self, what: str, entry: Entry | None) -> bytes | None:
        """Give what this program made of a file that has not changed since, or (without a file) of itself; `what` says what it is."""
        if self._database is None or self.paranoid:
            return None
        with self._careful():
            key = _made_key(what, entry)
            row = self._database.execute("SELECT data FROM records WHERE key = ?", (key,)).fetchone()
            return _unseal(key, row[0]) if row else None
        return None

    def keep_made(self, what: str, entry: Entry | None, data: bytes) -> None:
        """Remember what was made of a file, or of the program; nothing of a file that changed within the last two seconds."""
        if self._database is not None and (entry is None or _changed(entry) <= time.time() - SETTLED):
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
        if self._database is None:
            return
        with self._careful():
            with self._database as database:
                database.execute("BEGIN IMMEDIATE")
                digests = [(key, _seal(key, sha256.encode()), size, self._today) for key, (sha256, size) in self._digests.items()]
                database.executemany("INSERT OR REPLACE INTO digests VALUES (?, ?, ?, ?)", digests)
                records = [(key, _seal(key, data), self._today) for key, data in self._records.items()]
                database.executemany("INSERT OR REPLACE INTO records VALUES (?, ?, ?)", records)
                database.executemany("UPDATE records SET used = ? WHERE key = ?", [(self._today, key) for key in self._used])
                database.executemany("UPDATE digests SET used = ? WHERE identity = ?", [(self._today, key) for key in self._found])
            if self._records or self._digests:
                self._evict(self._database)
        if self._database is not None:
            self._database.close()
            self._database = None

    def _evict(self, database: sqlite3.Connection) -> None:
        """Drop records first, then digests, those first that were not used for longest, until what is left is within the limit."""
        taken = int(database.execute("SELECT count(*) FROM digests").fetchone()[0]) * DIGEST_ROW
        size = taken + int(database.execute("SELECT total(length(data)) FROM records").fetchone()[0])
        with database:
            while size > self.largest and (rows := database.execute(OLDEST).fetchall()):
                for key, length in rows:
                    if size > self.largest:
                        database.execute("DELETE FROM records WHERE key = ?", (key,))
                        size -= length
            more = min(max(size - self.largest, 0), taken) // DIGEST_ROW
            if more:
                database.execute(DROP_DIGESTS, (more,))

    @contextmanager
    def _careful(self) -> Iterator[None]:
        """Do without the memo from the first error on; a file that turns out to be broken is set aside, so that the next run begins it again."""
        try:
            yield
        except (sqlite3.Error, msgspec.MsgspecError, ValueError) as error:
            database, self._database = self._database, None
            if database is not None:
                database.close()
            if self.path is not None and not isinstance(error, sqlite3.OperationalError):
                _set_aside(self.path)


def default_path() -> Path:
    """Give the place of the memo in the user's cache directory (`XDG_CACHE_HOME`, else `~/.cache`)."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "inspector" / "memo.sqlite"


def _open(path: Path) -> sqlite3.Connection | None:
    """Open the file; one that is broken or of another version is set aside once."""
    for _ in range(2):
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            return _prepare(path)
        except sqlite3.OperationalError as error:
            if not str(error).startswith("no such column"):
                return None
            _set_aside(path)
        except sqlite3.DatabaseError:
            _set_aside(path)
        except OSError:
            return None
    return None


def _prepare(path: Path) -> sqlite3.Connection:
    """Open the file and make its tables; while other processes do the same, wait."""
    database = sqlite3.connect(path, timeout=WAIT, check_same_thread=False)
    try:
        for left in range(TRIES, 0, -1):
            try:
                _make_tables(database)
                break
            except sqlite3.OperationalError as error:
                # The change to WAL does not wait for others by itself.
                if "locked" not in str(error) or left == 1:
                    raise
                time.sleep(PAUSE)
    except sqlite3.Error:
        database.close()
        raise
    return database


def _make_tables(database: sqlite3.Connection) -> None:
    if database.execute("PRAGMA user_version").fetchone()[0] not in {0, SCHEMA}:
        raise sqlite3.DatabaseError("the memo of another version")
    if database.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = NORMAL")
    if database.execute("PRAGMA user_version").fetchone()[0] != SCHEMA:
        database.executescript(f"BEGIN IMMEDIATE; {TABLES} PRAGMA user_version = {SCHEMA}; COMMIT;")
    for query in COLUMNS:
        database.execute(query)


def _set_aside(path: Path) -> None:
    """Keep a broken memo beside the new one; another process may have done so already, and where it cannot be done, it is not."""
    for suffix in ("", "-wal", "-shm"):
        with suppress(OSError):
            path.with_name(path.name + suffix).replace(path.with_name(f"{path.name}.broken{suffix}"))


def _seal(key: bytes, data: bytes) -> bytes:
    """Put a digest before what is kept: bytes that change on the disk must never become another answer."""
    return _mark(key, data) + data


def _unseal(key: bytes, sealed: bytes) -> bytes:
    data = bytes(sealed[MARK:])
    if sealed[:MARK] != _mark(key, data):
        raise sqlite3.DatabaseError("a record that is not as it was written")
    return data


def _mark(key: bytes, data: bytes) -> bytes:
    return hashlib.blake2b(key + data, digest_size=MARK).digest()


def _identity(entry: Entry) -> bytes:
    return hashlib.sha256(repr(entry.identity).encode()).digest()[:16]


def _changed(entry: Entry) -> float:
    """Give the time of the last change of a file or of its record (seconds)."""
    return max(entry.identity[3:], default=0) / 1e9


def _made_key(what: str, entry: Entry | None) -> bytes:
    return hashlib.sha256("\0".join((fingerprint(), what, repr(entry.identity) if entry else "")).encode()).digest()[:16]


def _key(entry: Entry, sha256: str | None) -> bytes:
    content = sha256 or repr(entry.identity)
    parts = (fingerprint(), content, entry.path, entry.root.role or "")
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).digest()[:16]

"""Bytes in memory, read as a file of their own: what was packed inside of another file."""

from inspector.bundle import File


class Held(File):
    """Bytes that were unpacked from a file. It shares the file's name and is never closed itself."""

    def __init__(self, whole: File, name: str, data: bytes) -> None:
        super().__init__(whole.root, f"{whole.path}!/{name}", len(data), whole.descriptor, whole.flaws, remarks=whole.remarks)
        self._data = data

    def close(self) -> None:
        """Leave the file open."""

    def _pread(self, offset: int, length: int) -> bytes:
        return self._data[offset : offset + length]

"""A part of a file, read as a file of its own: a member that is stored in an archive as it is."""

from inspector.bundle import File


class Part(File):
    """The bytes of a file from a place on. It shares the file, which has to stay open, and is never closed itself."""

    def __init__(self, whole: File, name: str, start: int, size: int) -> None:
        super().__init__(
            whole.root, f"{whole.path}!/{name}", min(size, whole.size - start), whole.descriptor, whole.flaws, remarks=whole.remarks
        )
        self._whole, self._begin = whole, start

    def close(self) -> None:
        """Leave the file open."""

    def _pread(self, offset: int, length: int) -> bytes:
        return self._whole.read(self._begin + offset, max(0, min(length, self.size - offset)))

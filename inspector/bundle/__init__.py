"""The only package that reads bundles: roots and their layouts, the walk, and `File` with its bounded views.

Nothing is followed out of a root, nothing but regular files is opened, every file is opened once, and every view has a limit.
"""

from inspector.bundle.decoded_text import decode_text
from inspector.bundle.file import MAX_READ, MAX_TEXT, Entry, File, start_digest
from inspector.bundle.roots import Mapped, Root, open_root
from inspector.bundle.survey import Survey, is_record, survey
from inspector.bundle.walk import walk
from inspector.model import printable

__all__ = [
    "MAX_READ",
    "MAX_TEXT",
    "Entry",
    "File",
    "Mapped",
    "Root",
    "Survey",
    "decode_text",
    "is_record",
    "open_root",
    "printable",
    "start_digest",
    "survey",
    "walk",
]

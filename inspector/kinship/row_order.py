"""Rows in another order: llama.cpp's converter interleaves the halves of every head's query and key rows, for its rotary embedding.

A row of transformers that is number `a * half + b` of its head (`a` is 0 or 1) is number `2 * b + a` there. Source: llama.cpp, `LlamaModel.permute`.
"""

from dataclasses import dataclass

from inspector.tensors.grid import Indices


@dataclass(frozen=True, slots=True)
class RowOrder:
    """Where to read a suspect's rows so that they are those of the original: rows of a head, and which of the two interleaves them."""

    head: int
    suspect_interleaves: bool

    def find(self, rows: Indices) -> Indices:
        """Give for rows of the original those of the suspect."""
        inside, half = rows % self.head, self.head // 2
        if self.suspect_interleaves:
            return rows - inside + inside % half * 2 + inside // half
        return rows - inside + inside % 2 * half + inside // 2

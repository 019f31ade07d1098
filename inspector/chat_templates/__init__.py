"""Chat templates: what one reaches for, from its syntax tree. Nothing is compiled or rendered."""

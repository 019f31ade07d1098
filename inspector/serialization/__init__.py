"""Ways in which structures are written as bytes or text, each walked forward through a small window and without trust."""

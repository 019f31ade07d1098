"""Pickles followed with symbols in place of objects: what one names, what it would call, and with what. Nothing is unpickled."""

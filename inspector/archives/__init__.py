"""Archives: their directories read without trust, and their members unpacked within limits."""

"""Is a bundle what its records say: records of every kind, what they expect, and how each file stands to it."""

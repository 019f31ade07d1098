"""Standards as data, and an inventory held against them: requirements, grades, classes, attestations."""

"""Data information, as the Open Source AI Definition calls it: what texts, tables, settings and code say of training data."""

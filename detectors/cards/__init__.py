"""Detectors of cards, documents and settings: what people say of a model and of its data."""

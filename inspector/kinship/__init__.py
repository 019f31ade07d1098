"""Whose weights these are: relations between the tensors of two models, by the numbers in them."""

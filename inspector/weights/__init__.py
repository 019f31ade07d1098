"""Files of weights: one reader for the structure of each format, and what all of them say of tensors."""

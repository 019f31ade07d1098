"""Documents of every format as one shape: sections of blocks with the places they stand at."""

"""Terms: statements by where they stand, what they are called and allow, which files they reach, and what they come to."""

"""Cards and papers: what kind one is, what it is about, and what it says that is not about data or terms."""

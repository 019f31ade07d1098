"""Source code: its facts by syntax alone, the roles they give it, and what files use of each other. Nothing is compiled or run."""

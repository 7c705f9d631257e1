"""Models as HTTP endpoints: what is served, what became of it, and which of two versions does better."""

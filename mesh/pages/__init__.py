"""Pages for people: a document of sections and blocks, and the self-contained HTML page that shows it."""

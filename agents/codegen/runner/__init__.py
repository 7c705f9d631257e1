"""Scripts that are copied beside a notebook and run it; they import nothing of the project."""

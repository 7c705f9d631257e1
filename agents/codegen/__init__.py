"""Code Generation: a Jupyter notebook that repeats an analysis, is run before it is handed over, and checks its own numbers."""

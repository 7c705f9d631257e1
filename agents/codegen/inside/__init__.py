"""Runs inside the walls, as a package of its own that imports nothing of the project: the code it runs shares its process."""

"""`python -m mesh.cli`, the same as `mesh`."""

from . import main

if __name__ == "__main__":
    main()

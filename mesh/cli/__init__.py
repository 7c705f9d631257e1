"""The command line: `mesh up`, `mesh analyze …`."""


def main() -> None:
    """The entry point of the `mesh` command; exits with the command's code."""
    from .entry import run

    run()

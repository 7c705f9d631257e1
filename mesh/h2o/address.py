"""Where the H2O cluster listens and how to log in."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class H2OAddress:
    """Of a cluster on this host. The password never shows in a log."""

    url: str
    user: str
    password: str = field(repr=False)

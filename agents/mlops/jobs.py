"""What runs in the compute process. Importing this is cheap; MLflow and the numbers come with the work."""

from collections.abc import Callable

from mesh.language import Language

from .desk import Desk, Told
from .request import Wish
from .runs import Newcomer, Trained
from .store import Store

Progress = Callable[[float, str], None]


def register(store: Store, newcomer: Newcomer, desk: Desk, progress: Progress, *, margin: float) -> Told:
    """Log and register one model, and make it the champion when it is the first or passes the gates."""
    from . import registering, telling

    made = registering.register(store, newcomer, desk, progress, margin=margin)
    return telling.tell_registration(desk.language, newcomer, made, store.shown_uri)


def promote(store: Store, wish: Wish, newcomer: Newcomer | None, desk: Desk) -> Told:
    """Make a version the champion if the gates let it pass, or if the person insists; a newcomer is registered first."""
    from . import registering, telling

    return telling.tell_promotion(desk.language, registering.promote(store, wish, newcomer, desk), newcomer)


def rollback(store: Store, wish: Wish, language: Language) -> Told:
    """Return to an earlier champion, or to the version asked for."""
    from . import registering, telling

    return telling.tell_rollback(language, *registering.rollback(store, wish, language))


def compare_versions(
    store: Store, wish: Wish, newcomer: Trained | None, desk: Desk, progress: Progress
) -> Told:
    """Each version against the first, and a page of it."""
    from . import registering, telling

    made = registering.compare_versions(store, wish, newcomer, desk, progress)
    return telling.tell_contest(desk.language, made)


def list_versions(store: Store, wish: Wish, language: Language) -> Told:
    """What is registered, of one model when the wish names it, and the history of its champion."""
    from . import registering, telling

    return telling.tell_listing(language, registering.list_versions(store, wish, language))

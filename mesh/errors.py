"""The mesh's one error tree: every class owns its HTTP status and its machine-readable reason.

An error is raised where the fact is known and mapped to a reply once, by `mesh.server`. Its message says
what happened, to which thing, and what to do about it.
"""

from typing import Any, ClassVar


class MeshError(Exception):
    """Base of everything the mesh raises on purpose.

    `status` is the HTTP status, `reason` the word an agent's failed task carries, `retryable` whether the
    same call can succeed later without a change.
    """

    status: ClassVar[int] = 500
    reason: ClassVar[str] = "internal"
    title: ClassVar[str] = "Internal error"
    retryable: ClassVar[bool] = False

    def __init__(self, message: str, *, korean: str | None = None, **facts: Any) -> None:
        super().__init__(message)
        self.message = message
        self.korean = korean
        self.facts = facts

    def speak(self, language: str) -> None:
        """Say it in `language` from now on, where whoever raised it knew how."""
        if language == "ko" and self.korean:
            self.message = self.korean
            self.args = (self.korean,)


class BadInputError(MeshError):
    """What was sent cannot be used; sending it again will not help."""

    status = 422
    reason = "bad_input"
    title = "The input cannot be used"


class InvalidRequestError(BadInputError):
    """The request itself is malformed: invalid JSON, an unknown field, a wrong type."""

    status = 400
    title = "The request is malformed"


class NotFoundError(BadInputError):
    """A named thing does not exist."""

    status = 404
    reason = "not_found"
    title = "Not found"


class ForbiddenError(BadInputError):
    """A thing exists or may exist, and this caller may not have it."""

    status = 403
    reason = "forbidden"
    title = "Not allowed"


class ConflictError(BadInputError):
    """The thing is in a state that does not allow this."""

    status = 409
    reason = "conflict"
    title = "Conflict"


class TooLargeError(BadInputError):
    """A body or a question exceeds its limit."""

    status = 413
    reason = "too_large"
    title = "Too large"


class UnsupportedMediaError(BadInputError):
    """The media type is not one this address takes."""

    status = 415
    reason = "unsupported_media"
    title = "Unsupported media type"


class SourceUnavailableError(BadInputError):
    """The place that data comes from does not answer. The agent that asked it is well: no other one would fare better."""

    status = 502
    reason = "source_unavailable"
    title = "The source does not answer"


class NeedsInputError(MeshError):
    """The skill cannot decide alone; the message is the question to the caller (`input-required`)."""

    status = 422
    reason = "needs_input"
    title = "More input is needed"


class UnavailableError(MeshError):
    """A dependency is down or refuses; the same call may succeed later."""

    status = 503
    reason = "unavailable"
    title = "Unavailable"
    retryable = True


class DeadlineError(UnavailableError):
    """The time given for the work ran out."""

    status = 504
    reason = "deadline"
    title = "Out of time"


class CancelledError(MeshError):
    """The caller cancelled the work."""

    status = 409
    reason = "cancelled"
    title = "Cancelled"


class SettingsError(MeshError):
    """A setting has a value the mesh cannot start with."""

    reason = "settings"
    title = "Bad setting"

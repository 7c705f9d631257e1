"""What can go wrong with stored bytes."""

from mesh.errors import BadInputError, MeshError, UnavailableError


class ChecksumError(BadInputError):
    """The bytes that arrived are not the bytes the sender announced."""

    reason = "checksum_mismatch"
    title = "The checksum does not match"


class CorruptObjectError(MeshError):
    """An object on disk is not what was stored; its address names the bytes it should hold."""

    reason = "corrupt_object"
    title = "A stored object is damaged"


class StorageFullError(UnavailableError):
    """The disk under storage has no room."""

    status = 507
    reason = "storage_full"
    title = "Storage is full"

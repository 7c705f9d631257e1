"""One supervisor per MESH_HOME."""

import os
from pathlib import Path

import pytest

from mesh.errors import ConflictError
from mesh.supervisor.lock import HomeLock, holder_of


def test_the_second_one_is_refused_and_told_who_holds_it(tmp_path: Path) -> None:
    first = HomeLock(tmp_path)
    first.acquire()
    with pytest.raises(ConflictError, match=rf"pid {os.getpid()}.*MESH_HOME"):
        HomeLock(tmp_path).acquire()
    assert holder_of(tmp_path) == os.getpid()
    first.release()


def test_a_released_lock_can_be_taken_again(tmp_path: Path) -> None:
    for _ in range(2):
        lock = HomeLock(tmp_path)
        lock.acquire()
        lock.release()
    assert holder_of(tmp_path) is None


def test_an_unused_home_has_no_holder(tmp_path: Path) -> None:
    assert holder_of(tmp_path) is None

"""Log files of services."""

from pathlib import Path

from mesh.supervisor.logs import LogFolder


def test_a_long_log_is_moved_aside_and_its_writer_goes_on(tmp_path: Path) -> None:
    logs = LogFolder(tmp_path)
    with logs.path("eda").open("a") as writer:
        writer.write("old line\n" * 10)
        writer.flush()
        logs.trim(limit_bytes=50)
        writer.write("new line\n")
    assert logs.path("eda").read_text() == "new line\n"
    assert (tmp_path / "logs" / "eda.log.1").read_text() == "old line\n" * 10


def test_a_short_log_stays(tmp_path: Path) -> None:
    logs = LogFolder(tmp_path)
    logs.path("eda").write_text("line\n")
    logs.trim(limit_bytes=50)
    assert logs.path("eda").read_text() == "line\n"


def test_the_last_line_that_says_something(tmp_path: Path) -> None:
    logs = LogFolder(tmp_path)
    logs.path("eda").write_text("first\nValueError: no\n\n  \n")
    assert logs.last_line("eda") == "ValueError: no"
    assert logs.last_line("nobody") == ""

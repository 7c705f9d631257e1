"""Folders and patterns: which files they mean, and that nothing outside the data folders is among them."""

import unicodedata
from pathlib import Path

import pytest

from mesh.errors import ForbiddenError, NotFoundError
from mesh.filesets import file_set_name, file_set_uri, find_files, means_several


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with sales by month, and a secret beside it."""
    root = tmp_path / "data"
    (root / "sales" / "2023").mkdir(parents=True)
    for name in (
        "sales/b.csv",
        "sales/a.csv",
        "sales/2023/old.csv",
        "sales/.hidden.csv",
        "sales/notes.md",
        "x.csv",
    ):
        (root / name).write_text("a\n1\n")
    (tmp_path / "secret.csv").write_text("secret\n1\n")
    return root


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("sales/", ["sales/2023/old.csv", "sales/a.csv", "sales/b.csv"]),
        ("sales/*.csv", ["sales/a.csv", "sales/b.csv"]),
        ("sales/**/*.csv", ["sales/2023/old.csv", "sales/a.csv", "sales/b.csv"]),
        ("sales/[ab].csv", ["sales/a.csv", "sales/b.csv"]),
        ("?.csv", ["x.csv"]),
    ],
)
def test_a_folder_or_pattern_means_its_data_files_in_order(data: Path, name: str, found: list[str]) -> None:
    assert means_several(name)
    assert list(find_files([data / "nothing", data], name)) == found
    assert file_set_name(file_set_uri(name)) == name


@pytest.mark.parametrize(
    "name", ["../*.csv", "/etc/*", "sales/../../*.csv", ".h*/", "..", "C:\\*.csv", "sales/\n*"]
)
def test_ways_out_are_forbidden(data: Path, name: str) -> None:
    with pytest.raises(ForbiddenError):
        find_files([data], name)


def test_a_link_among_the_files_that_leads_outside_is_forbidden(data: Path) -> None:
    (data / "sales" / "c.csv").symlink_to(data.parent / "secret.csv")

    with pytest.raises(ForbiddenError, match=r"c\.csv"):
        find_files([data], "sales/*.csv")


def test_a_linked_folder_outside_is_not_walked(data: Path) -> None:
    (data / "linked").symlink_to(data.parent)

    with pytest.raises((ForbiddenError, NotFoundError)):
        find_files([data], "linked/*.csv")


def test_nothing_found_is_said(data: Path) -> None:
    with pytest.raises(NotFoundError, match=r"sales/\*\.parquet"):
        find_files([data], "sales/*.parquet")


@pytest.mark.parametrize("folder", ["sales [2024]", unicodedata.normalize("NFD", "매출")])
def test_a_folder_is_found_whatever_characters_its_name_has(data: Path, folder: str) -> None:
    (data / folder).mkdir()
    (data / folder / "a.csv").write_text("a\n1\n")
    name = unicodedata.normalize("NFC", folder)

    assert list(find_files([data], f"{name}/")) == [f"{name}/a.csv"]

"""File names: what they find, and that nothing outside the data folders can be reached by them."""

import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.media import safe_name
from gateway.names import available_names, resolve_name
from mesh.errors import ForbiddenError, MeshError, NotFoundError


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder full of traps, with secrets around it."""
    root = tmp_path_factory.mktemp("names")
    (root / "secret.csv").write_text("secret")
    (root / "data-other").mkdir()
    (root / "data-other" / "x.csv").write_text("secret")
    data = root / "data"
    (data / "sub").mkdir(parents=True)
    for name in ("a.csv", "sub/b.csv", ".hidden.csv", "매출.csv"):
        (data / name).write_text("data")
    (data / "link.csv").symlink_to(root / "secret.csv")
    (data / "inner.csv").symlink_to(data / "a.csv")
    (data / "linked").symlink_to(root)
    (data / "loop").symlink_to(data / "loop")
    os.mkfifo(data / "pipe.csv")
    return root


def test_an_address_as_a_name_is_told_how_to_be_sent(tree: Path) -> None:
    with pytest.raises(NotFoundError, match=r'"data": \{"url": "…"\}'):
        resolve_name([tree / "data"], "https://example.org/sales.csv")


@pytest.mark.parametrize(
    ("name", "found"), [("a.csv", "a.csv"), ("sub/b.csv", "sub/b.csv"), ("./a.csv", "a.csv")]
)
def test_names_are_relative_to_a_data_folder(tree: Path, name: str, found: str) -> None:
    assert resolve_name([tree / "nothing", tree / "data"], name) == tree / "data" / found


def test_the_first_folder_that_has_it_wins(tree: Path, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("other")
    assert resolve_name([tmp_path, tree / "data"], "a.csv") == tmp_path / "a.csv"


def test_a_link_inside_is_followed(tree: Path) -> None:
    assert resolve_name([tree / "data"], "inner.csv") == tree / "data" / "a.csv"


def test_decomposed_korean_names_are_found(tree: Path) -> None:
    assert resolve_name([tree / "data"], unicodedata.normalize("NFD", "매출.csv")).name == "매출.csv"


@pytest.mark.parametrize(
    "name",
    [
        "../secret.csv", "..", "sub/../../secret.csv", "/etc/passwd", "//etc/passwd", "C:\\x", "C:x", "..\\secret.csv",
        "link.csv", "linked/secret.csv", "linked/data-other/x.csv", "a.csv\0", "a\n.csv", ".hidden.csv", ".", "sub/.x",
    ],
)  # fmt: skip
def test_ways_out_are_forbidden(tree: Path, name: str) -> None:
    with pytest.raises(ForbiddenError):
        resolve_name([tree / "data"], name)


@pytest.mark.parametrize(
    "name", ["b.csv", "sub", "pipe.csv", "loop", "a.csv/x", "x" * 5000, "data-other/x.csv", "~/x"]
)
def test_what_is_not_a_file_is_not_found(tree: Path, name: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        resolve_name([tree / "data"], name)
    assert "a.csv" in caught.value.message
    assert "secret" not in caught.value.message.replace(name, "")


def test_near_names_are_listed_first(tree: Path) -> None:
    with pytest.raises(NotFoundError, match=r"Available: 매출\.csv"):
        resolve_name([tree / "data"], "매출데이터.csv")


def test_no_data_at_all_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="MESH_DATA_DIRS"):
        resolve_name([tmp_path], "a.csv")


def test_available_names_are_those_that_resolve(tree: Path) -> None:
    names = available_names([tree / "data", tree / "nothing"])
    assert names == ["a.csv", "inner.csv", "sub/b.csv", "매출.csv"]
    assert all(resolve_name([tree / "data"], name).is_file() for name in names)


TRAPS = [
    "..",
    ".",
    "/",
    "//",
    "\\",
    "a.csv",
    "sub",
    "link.csv",
    "linked",
    "secret.csv",
    "data",
    "data-other",
    "x.csv",
    "loop",
]
PIECES = st.sampled_from([*TRAPS, "b.csv", "\0", "%2e%2e", "～", "．．"])


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.one_of(
        st.lists(PIECES, max_size=8).map("".join),
        st.lists(PIECES, max_size=8).map("/".join),
        st.text(max_size=40),
    )
)
def test_no_name_leads_outside(tree: Path, name: str) -> None:
    data = tree / "data"
    try:
        found = resolve_name([data], name)
    except MeshError:
        return
    assert found.resolve().is_relative_to(data.resolve())
    assert found.read_text() == "data"


@given(name=st.text(max_size=300))
def test_safe_names_are_plain_and_stable(name: str) -> None:
    safe = safe_name(name, "data")
    assert safe
    assert not set(safe) & set('/\\\0<>:"|?*\n')
    assert safe not in {".", ".."}
    assert len(safe.encode()) <= 200
    assert safe_name(safe, "data") == safe

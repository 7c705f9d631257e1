"""`mesh connections` as a person runs it."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

Run = Callable[..., subprocess.CompletedProcess[str]]
FILE = """
[shop]
url = "postgresql://reader:${SHOP_PASSWORD}@db.example.org/shop"

[lake]
url = "s3://sales"
secret_key = "letmein-lake"
"""


def write(folder: Path) -> str:
    path = folder / "connections.toml"
    path.write_text(FILE)
    path.chmod(0o600)
    return str(path)


def test_connections_are_listed_with_what_is_missing_and_without_secrets(mesh: Run, tmp_path: Path) -> None:
    done = mesh("connections", "list", "--json", MESH_CONNECTIONS=write(tmp_path))
    assert done.returncode == 0, done.stderr
    shop = {"name": "shop", "kind": "postgresql", "place": "postgresql://db.example.org/shop"}
    lake = {"name": "lake", "kind": "s3", "place": "s3://sales"}
    assert json.loads(done.stdout) == [
        {**lake, "description": "", "not_set": []},
        {**shop, "description": "", "not_set": ["SHOP_PASSWORD"]},
    ]
    table = mesh("connections", "list", MESH_CONNECTIONS=write(tmp_path), SHOP_PASSWORD="letmein-shop")
    assert "s3://sales" in table.stdout
    assert "letmein" not in table.stdout + table.stderr + done.stdout


def test_without_a_file_there_are_none_and_it_says_where_they_would_be(mesh: Run, tmp_path: Path) -> None:
    done = mesh("connections", "list", MESH_CONNECTIONS=str(tmp_path / "none.toml"))
    assert done.returncode == 0
    assert str(tmp_path / "none.toml") in done.stdout


def test_a_test_names_what_is_wrong(mesh: Run, tmp_path: Path) -> None:
    unknown = mesh("connections", "test", "nope", MESH_CONNECTIONS=write(tmp_path))
    assert unknown.stderr.startswith("mesh: There is no connection 'nope'. Known: lake, shop.")
    away = mesh("connections", "test", "shop", MESH_CONNECTIONS=write(tmp_path), MESH_PORT_OFFSET="31000")
    assert away.returncode == 1
    assert away.stderr.count("\n") == 1

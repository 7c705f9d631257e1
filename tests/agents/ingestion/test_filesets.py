"""Several files as one dataset."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from agents.ingestion.contract import Loaded, NamedFile, Options
from agents.ingestion.loading import load_files
from mesh.errors import BadInputError


def load_set(tmp_path: Path, files: dict[str, str]) -> Loaded:
    named = []
    for name, content in files.items():
        (tmp_path / name).write_text(content)
        named.append(NamedFile(tmp_path / name, name))
    return load_files(named, "sales/", tmp_path / "out.parquet", tmp_path, Options(), "en")


def test_files_of_one_schema_are_one_dataset_that_names_the_file_of_each_row(tmp_path: Path) -> None:
    loaded = load_set(
        tmp_path,
        {
            "jan.csv": "day,amount\n2024-01-01,1\n2024-01-02,2\nTotal,3\n",
            "feb.csv": "amount;day\n4;2024-02-01\n",
        },
    )

    assert pq.read_table(tmp_path / "out.parquet").column("source_file").to_pylist() == [
        "jan.csv",
        "jan.csv",
        "feb.csv",
    ]
    assert pq.read_table(tmp_path / "out.parquet").column("amount").to_pylist() == [1, 2, 4]
    assert loaded.report["rows"]["read"] == 4
    assert loaded.report["rows"]["loaded"] == loaded.rows == 3
    per_file = {
        item["name"]: (item["rows"]["read"], item["rows"]["loaded"]) for item in loaded.report["files"]
    }
    assert per_file == {"jan.csv": (3, 2), "feb.csv": (1, 1)}


def test_files_that_differ_are_named_with_their_columns(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=r"c\.csv \(- amount; \+ price\)"):
        load_set(
            tmp_path,
            {"a.csv": "day,amount\n1,2\n", "b.csv": "day,amount\n3,4\n", "c.csv": "day,price\n5,6\n"},
        )


def test_types_are_decided_over_all_files(tmp_path: Path) -> None:
    loaded = load_set(tmp_path, {"a.csv": "k,v\nx,1\ny,2\n", "b.csv": "k,v\nz,2.5\n", "c.csv": 'k,v\nw,"3\n'})

    assert [c.type for c in loaded.columns] == ["string", "string", "string"]
    assert pq.read_table(tmp_path / "out.parquet").column("v").to_pylist() == ["1", "2", "2.5", '"3']

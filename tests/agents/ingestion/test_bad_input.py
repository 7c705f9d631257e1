"""Input that is no table: each refusal says what is wrong and what to do."""

import gzip
import io
import pickle
import random
import zipfile
from pathlib import Path

import pytest

from agents.ingestion.contract import NamedFile, Options
from agents.ingestion.job import run_load
from agents.ingestion.loading import load_files
from mesh.errors import BadInputError
from mesh.language import detect_language


def zipped(**members: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("_", "."), text)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "options", "words"),
    [
        ("empty.csv", b"", Options(), "empty"),
        ("blank.csv", b"\n\n   \n", Options(), "empty"),
        ("header.csv", b"a,b,c\n", Options(), "no rows of data"),
        ("garbage.csv", random.Random(1).randbytes(4000), Options(), "binary"),
        ("report.pdf", b"%PDF-1.7 ...", Options(), "PDF"),
        ("photo.png", b"\x89PNG\r\n\x1a\n", Options(), "picture"),
        ("page.csv", b"<!DOCTYPE html>\n<html><body>Log in, please</body></html>", Options(), "web page"),
        ("sheet.xls", b'<?xml version="1.0"?><Workbook/>', Options(), "XML document"),
        ("db.sqlite", b"SQLite format 3\x00....", Options(), "SQLite"),
        ("wrong.csv", "이름,나이\n홍길동,3\n".encode("cp949"), Options(encoding="utf-8"), "not valid utf-8"),
        ("odd.csv", b"a,b\n1,2\n", Options(encoding="klingon"), "not known"),
        ("broken.json", b'{"a": [1, 2', Options(), "not valid JSON"),
        ("scalar.json", b"3", Options(), "no table"),
        ("mixed.json", b'[1, {"a": 2}]', Options(), "mixes"),
        ("lines.jsonl", b"hello\nworld\n", Options(), "not JSON objects"),
        ("cut.parquet", b"PAR1" + b"\x00" * 50, Options(), "damaged"),
        ("cut.xlsx", b"PK\x03\x04" + b"\x00" * 50, Options(), "damaged"),
        ("old.xls", b"\xd0\xcf\x11\xe0" + b"\x00" * 600, Options(), "cannot be read"),
        ("cut.csv.gz", gzip.compress(b"a,b\n1,2\n" * 1000, mtime=0)[:-9], Options(), "damaged gzip"),
        (
            "nested.csv.gz",
            gzip.compress(gzip.compress(b"a,b\n1,2\n", mtime=0), mtime=0),
            Options(),
            "another archive",
        ),
        ("two.zip", zipped(a_csv="a,b\n1,2\n", b_csv="a,b\n1,2\n"), Options(member="c.csv"), "member"),
        ("none.zip", zipped(readme_md="hello"), Options(), "no data file"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_source_that_is_no_table_is_refused_with_a_remedy(
    tmp_path: Path, name: str, content: bytes, options: Options, words: str
) -> None:
    source = tmp_path / name
    source.write_bytes(content)

    with pytest.raises(BadInputError) as refused:
        load_files([NamedFile(source, name)], name, tmp_path / "out.parquet", tmp_path, options, "en")

    assert words in refused.value.message

    with pytest.raises(BadInputError) as spoken:
        run_load([NamedFile(source, name)], name, tmp_path / "out.parquet", tmp_path, options, "ko")

    assert detect_language(spoken.value.message) == "ko"
    assert pickle.loads(pickle.dumps(spoken.value)).message == spoken.value.message


def test_names_in_a_refusal_are_no_templates(tmp_path: Path) -> None:
    source = tmp_path / "{x} {0}.csv"
    source.write_bytes(b"{a},{b}\n")

    with pytest.raises(BadInputError, match=r"\{a\}, \{b\}"):
        run_load(
            [NamedFile(source, source.name)], source.name, tmp_path / "out.parquet", tmp_path, Options(), "ko"
        )


def test_a_sheet_that_does_not_exist_is_answered_with_those_that_do(tmp_path: Path) -> None:
    import pandas as pd

    pd.DataFrame({"a": [1], "b": [2]}).to_excel(tmp_path / "book.xlsx", sheet_name="Sales", index=False)

    with pytest.raises(BadInputError, match="Sales"):
        load_files(
            [NamedFile(tmp_path / "book.xlsx", "book.xlsx")],
            "book.xlsx",
            tmp_path / "o.parquet",
            tmp_path,
            Options(sheet="Costs"),
            "en",
        )

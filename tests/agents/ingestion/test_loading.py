"""Whole loads: files as people have them, with answers worked out by hand."""

import csv
import datetime as dt
import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from agents.ingestion.contract import Loaded, NamedFile, Options
from agents.ingestion.loading import load_files
from agents.ingestion.narrative import findings_of, kpis_of, summary_of, tables_of, warnings_of

KOREAN_REPORT = """월별 매출 보고서
작성: 홍길동, 영업팀

일자,지역,수량,단가,매출액,비율
2024년 1월 1일,서울,10,"￦1,234","12,340원",12%
2024년 1월 2일,부산,5,"￦2,000","10,000원",8%
2024년 1월 3일,서울,-,"￦2,000","10,000원",8.5%
일자,지역,수량,단가,매출액,비율
2024년 1월 4일,서울
,,,,,
2024년 1월 5일,서울,1,"￦1,234","1,234원",1%,,
합계,,16,,"33,574원",

※ 자료: 영업팀
"""


def load(tmp_path: Path, name: str, content: bytes | str, options: Options | None = None) -> Loaded:
    source = tmp_path / name
    source.write_bytes(content.encode() if isinstance(content, str) else content)
    files = [NamedFile(source, name)]
    return load_files(files, name, tmp_path / "out.parquet", tmp_path, options or Options(), "en")


def rows_of(tmp_path: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(tmp_path / "out.parquet").to_pylist()
    return rows


def account_holds(loaded: Loaded, tmp_path: Path) -> bool:
    rows = loaded.report["rows"]
    stored = pq.read_metadata(tmp_path / "out.parquet").num_rows
    return bool(rows["read"] == rows["loaded"] + rows["dropped"] and rows["loaded"] == loaded.rows == stored)


@pytest.mark.parametrize("encoding", ["cp949", "utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_a_korean_report_is_read_in_every_encoding_it_comes_in(tmp_path: Path, encoding: str) -> None:
    loaded = load(tmp_path, "report.csv", KOREAN_REPORT.encode(encoding))

    rows = rows_of(tmp_path)
    assert [row["일자"] for row in rows] == [dt.date(2024, 1, d) for d in (1, 2, 3, 4, 5)]
    assert [row["수량"] for row in rows] == [10, 5, None, None, 1]
    assert [row["단가"] for row in rows] == [1234, 2000, 2000, None, 1234]
    assert [row["비율"] for row in rows] == [12.0, 8.0, 8.5, None, 1.0]
    assert [(c.type, c.semantic, c.unit) for c in loaded.columns] == [
        ("date", "date", None),
        ("string", "geo", None),
        ("integer", "count", None),
        ("integer", "intensive", "KRW"),
        ("integer", "measure", "KRW"),
        ("number", "intensive", "%"),
    ]


def test_every_row_that_was_read_is_accounted_for(tmp_path: Path) -> None:
    loaded = load(tmp_path, "report.csv", KOREAN_REPORT)

    rows = loaded.report["rows"]
    assert (rows["read"], rows["loaded"], rows["dropped"]) == (10, 5, 5)
    assert {drop["why"]: drop["count"] for drop in rows["drops"]} == {
        "repeated_header": 1,
        "empty_row": 1,
        "total_row": 1,
        "blank_line": 1,
        "footnote": 1,
    }
    assert rows["padded"] == 1
    assert rows["repairs"][0]["how"] == "trailing_separators_removed"
    assert loaded.report["source"]["header_row"] == 4
    assert loaded.report["source"]["preamble"] == ["월별 매출 보고서", "작성: 홍길동, 영업팀"]
    assert loaded.report["date_span"] == {
        "column": "일자",
        "start": "2024-01-01",
        "end": "2024-01-05",
        "days": 5,
    }


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "~"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    lines = [["a", "b", "c"], ["1", "x y", "2.5"], ["2", "z", "3.5"]]
    loaded = load(tmp_path, "t.csv", "\n".join(delimiter.join(line) for line in lines))

    assert loaded.report["source"]["delimiter"] == delimiter
    assert rows_of(tmp_path) == [{"a": 1, "b": "x y", "c": 2.5}, {"a": 2, "b": "z", "c": 3.5}]


def test_decimal_commas_in_one_column_settle_an_ambiguous_one(tmp_path: Path) -> None:
    load(tmp_path, "eu.csv", "a;b\n1,5;1.234\n2,25;2.500\n")

    assert rows_of(tmp_path) == [{"a": 1.5, "b": 1234}, {"a": 2.25, "b": 2500}]


def test_quotes_that_never_close_do_not_swallow_the_file(tmp_path: Path) -> None:
    text = 'id,note,v\n1,"line one\nline two",3\n2,"5"" pipe",4\n3,"never closed,6\n4,plain,7\n'
    loaded = load(tmp_path, "q.csv", text)

    assert [row["note"] for row in rows_of(tmp_path)] == [
        "line one\nline two",
        '5" pipe',
        '"never closed',
        "plain",
    ]
    assert loaded.report["rows"]["repairs"][0]["how"] == "unclosed_quote_read_as_text"
    assert account_holds(loaded, tmp_path)


def test_a_number_split_by_its_thousands_separator_is_joined(tmp_path: Path) -> None:
    loaded = load(
        tmp_path, "n.csv", "day,amount,ok\n2024-01-01,12,yes\n2024-01-02,1,234.50,no\n2024-01-03,7,yes\n"
    )

    assert [row["amount"] for row in rows_of(tmp_path)] == [12.0, 1234.5, 7.0]
    assert loaded.report["rows"]["repaired"] == 1


def test_rows_with_too_many_fields_are_left_out_and_shown(tmp_path: Path) -> None:
    loaded = load(tmp_path, "long.csv", "a,b\n1,x\n2,y,z,w\n3,x\n")

    assert [row["a"] for row in rows_of(tmp_path)] == [1, 3]
    assert loaded.report["rows"]["drops"] == [
        {"why": "too_many_fields", "count": 1, "examples": [{"row": 2, "before": "2,y,z,w"}]}
    ]


def test_values_that_do_not_fit_a_long_number_column_are_counted(tmp_path: Path) -> None:
    body = "\n".join([*(str(i) for i in range(99)), "oops"])
    loaded = load(tmp_path, "x.csv", f"v\n{body}\n")

    column = loaded.report["columns"][0]
    assert (column["type"], column["unreadable"], column["unreadable_examples"]) == ("integer", 1, ["oops"])
    assert column["missing"] == 1
    assert any("oops" in warning for warning in warnings_of(loaded.report, "en"))


def test_a_short_column_with_a_word_among_numbers_stays_text(tmp_path: Path) -> None:
    load(tmp_path, "x.csv", "age,n\n25,1\nThirty,2\n")

    assert [row["age"] for row in rows_of(tmp_path)] == ["25", "Thirty"]


def test_keys_and_grain_are_found(tmp_path: Path) -> None:
    lines = [f"2024-01-{d:02d},{c},{d * len(c)}" for d in range(1, 11) for c in ("A", "BB", "CCC")]
    loaded = load(tmp_path, "s.csv", "date,product,sales\n" + "\n".join(lines))

    assert loaded.report["grain"] == {
        "columns": ["date", "product"],
        "text": "one row per date × product",
        "exact": True,
        "violations": 0,
    }


def test_excel_sheets_are_chosen_by_name_position_or_content(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "Order ID": ["A1", "A2"],
            "when": pd.to_datetime(["2024-01-01", "2024-02-01"]),
            "qty": [1, None],
            "price": [1.5, 2.0],
            "flag": [True, False],
        }
    )
    buffer = io.BytesIO()
    with pd.ExcelWriter(buffer) as writer:
        pd.DataFrame().to_excel(writer, sheet_name="Empty")
        frame.to_excel(writer, sheet_name="Data", index=False, startrow=2)
        frame[["price"]].to_excel(writer, sheet_name="Prices", index=False)

    loaded = load(tmp_path, "book.xlsx", buffer.getvalue())
    assert loaded.report["source"]["sheet"] == "Data"
    assert loaded.report["source"]["header_row"] == 3
    assert [c.type for c in loaded.columns] == ["string", "date", "integer", "number", "boolean"]
    assert rows_of(tmp_path)[1]["when"] == dt.date(2024, 2, 1)
    assert load(tmp_path, "book.xlsx", buffer.getvalue(), Options(sheet=3)).rows == 2
    assert load(tmp_path, "book.xlsx", buffer.getvalue(), Options(sheet="Prices")).columns[0].name == "price"


def test_a_total_and_a_remark_below_a_sheet_are_left_out(tmp_path: Path) -> None:
    rows = [
        ["2024년 매출", None, None],
        ["일자", "지점", "매출(천원)"],
        *([f"2024-01-0{d}", "강남", d] for d in range(1, 7)),
    ]
    rows += [["합계", None, 21], ["※ 잠정치", None, None]]
    buffer = io.BytesIO()
    pd.DataFrame(rows).to_excel(buffer, header=False, index=False)
    loaded = load(tmp_path, "k.xlsx", buffer.getvalue())

    assert loaded.rows == 6
    assert [(drop["why"], drop["count"]) for drop in loaded.report["rows"]["drops"]] == [
        ("footnote", 1),
        ("total_row", 1),
    ]
    assert [(c.type, c.unit) for c in loaded.columns] == [
        ("date", None),
        ("string", None),
        ("integer", "천원"),
    ]
    assert account_holds(loaded, tmp_path)


def test_fields_longer_than_the_csv_modules_limit_are_read(tmp_path: Path) -> None:
    load(tmp_path, "long.csv", f'a,b\n1,"x\n{"x" * 300_000}"\n2,y\n')

    assert [len(row["b"]) for row in rows_of(tmp_path)] == [300_002, 1]


def test_nested_json_becomes_dotted_columns(tmp_path: Path) -> None:
    document = {
        "meta": {"n": 2},
        "data": {"items": [{"id": 1, "user": {"name": "kim"}, "tags": [1]}, {"id": 2}]},
    }
    loaded = load(tmp_path, "n.json", json.dumps(document))

    assert loaded.report["source"]["path"] == "$.data.items"
    assert rows_of(tmp_path) == [
        {"id": 1, "user.name": "kim", "tags": "[1]"},
        {"id": 2, "user.name": None, "tags": None},
    ]


def test_json_in_columns_and_in_lines(tmp_path: Path) -> None:
    load(tmp_path, "c.json", '{"a": [1, 2], "b": ["x", "y"]}')
    assert rows_of(tmp_path) == [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]

    loaded = load(tmp_path, "l.jsonl", '{"a": 1}\nnot json\n{"a": 2, "b": "x"}\n\n')
    assert rows_of(tmp_path) == [{"a": 1, "b": None}, {"a": 2, "b": "x"}]
    assert account_holds(loaded, tmp_path)
    assert loaded.report["rows"]["read"] == 4


def test_parquet_keeps_its_types_and_reads_its_texts(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"n": [1.5, None], "t": ["N/A", "x"], "at": pd.to_datetime(pd.Series(["2024-01-01 10:00", None]))}
    )
    frame.to_parquet(tmp_path / "in.parquet")
    loaded = load(tmp_path, "p.parquet", (tmp_path / "in.parquet").read_bytes())

    assert [c.type for c in loaded.columns] == ["number", "string", "datetime"]
    assert rows_of(tmp_path)[0] == {"n": 1.5, "t": None, "at": dt.datetime(2024, 1, 1, 10)}  # noqa: DTZ001


def test_packed_files_are_unpacked(tmp_path: Path) -> None:
    assert load(tmp_path, "a.csv.gz", gzip.compress(b"a,b\n1,2\n")).rows == 1
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("one.csv", "a,b\n1,2\n")
        archive.writestr("two.csv", "a,b\n1,2\n3,4\n")
    assert load(tmp_path, "z.zip", buffer.getvalue(), Options(member="two.csv")).rows == 2


def test_progress_rises_to_the_end(tmp_path: Path) -> None:
    source = tmp_path / "big.csv"
    source.write_text("a,b\n" + "\n".join(f"{i},x{i}" for i in range(1_000_000)))
    seen: list[float] = []
    files = [NamedFile(source, "big.csv")]
    load_files(
        files, "big.csv", tmp_path / "o.parquet", tmp_path, Options(), "ko", lambda f, _: seen.append(f)
    )

    assert seen == sorted(seen)
    assert len(set(seen)) > 2
    assert 0.8 < seen[-1] <= 1


def test_the_words_are_in_the_language_and_their_numbers_in_the_report(tmp_path: Path) -> None:
    report = load(tmp_path, "report.csv", KOREAN_REPORT).report

    assert summary_of(report, "ko").startswith("report.csv의 10행 가운데 데이터가 아닌 5행을 빼고 5행")
    assert summary_of(report, "en").startswith("Loaded 5 of the 10 rows of report.csv")
    assert {item.kind for item in findings_of(report, "en")} == {"load", "span", "missing"}
    assert all(item.evidence for item in findings_of(report, "ko"))
    assert [kpi.value for kpi in kpis_of(report, "ko")][:2] == [5, 6]
    assert tables_of(report, "ko")[0].rows[0][:3] == ["일자", "날짜", "날짜"]


CELL = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=8)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=12),
    delimiter=st.sampled_from(",;\t|"),
)
@example(rows=[["", "", '0\\"0']], delimiter=",")
def test_text_survives_the_round_trip_through_csv(
    tmp_path: Path, rows: list[list[str]], delimiter: str
) -> None:
    table = [[f"k{i}", *row] for i, row in enumerate(rows)]
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\n")
    writer.writerows([["key", "p", "q", "r"], *table])
    loaded = load(tmp_path, "rt.csv", buffer.getvalue(), Options(delimiter=delimiter, header=True))

    assert account_holds(loaded, tmp_path)
    assert loaded.rows == len(rows)
    texts = [i for i, column in enumerate(loaded.columns) if column.type == "string"]
    for given_row, stored in zip(table, rows_of(tmp_path), strict=True):
        for position in texts:
            value = list(stored.values())[position]
            assert value in (given_row[position], None)


NUMBER = st.one_of(st.integers(-(10**12), 10**12), st.floats(allow_nan=False, allow_infinity=False, width=32))


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.lists(st.one_of(st.none(), NUMBER), min_size=2, max_size=30).filter(
        lambda v: any(x is not None for x in v)
    )
)
def test_numbers_survive_the_round_trip_through_csv(tmp_path: Path, values: list[float | None]) -> None:
    frame = pd.DataFrame(
        {"k": [f"r{i}" for i in range(len(values))], "v": pd.Series(values, dtype="float64")}
    )
    loaded = load(tmp_path, "rt.csv", frame.to_csv(index=False))

    stored = [row["v"] for row in rows_of(tmp_path)]
    assert stored == [None if value is None else float(value) for value in values]
    assert account_holds(loaded, tmp_path)


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.text(st.sampled_from('a1,;"\n\r\t |%-. 가'), min_size=1, max_size=80))
def test_read_is_loaded_plus_dropped_whatever_the_file_holds(tmp_path: Path, body: str) -> None:
    loaded = load(tmp_path, "any.csv", "x,y,z\n1,b,c\n2,d,e\n" + body)

    assert account_holds(loaded, tmp_path)


def test_the_fast_and_the_tolerant_reader_agree(tmp_path: Path) -> None:
    clean = "k,v,t\n" + "".join(f'{i},{i * 1.5},"a,{i}"\n' for i in range(500))
    load(tmp_path, "fast.csv", clean)
    fast = rows_of(tmp_path)
    load(tmp_path, "slow.csv", clean.encode("utf-16"))

    assert rows_of(tmp_path) == fast


def test_long_cells_are_loaded_whole_and_reported_short(tmp_path: Path) -> None:
    cell = "긴 글 " * 60_000
    loaded = load(tmp_path, "long.csv", "n,text\n" + "".join(f"{row},{cell}\n" for row in range(6)))
    assert rows_of(tmp_path)[5]["text"].strip() == cell.strip()
    assert len(json.dumps(loaded.report)) < 20_000


def test_every_cell_that_a_load_empties_is_listed_with_its_text(tmp_path: Path) -> None:
    values = [*map(str, range(60)), "N/A", "abc", "", "61.5"]
    lines = "\n".join(f"{value},{'NA' if row == 2 else 'yes'}" for row, value in enumerate(values))
    loaded = load(tmp_path, "prices.csv", f"price,paid\n{lines}\n")

    assert loaded.emptied is not None
    assert pq.read_table(loaded.emptied).to_pylist() == [
        {"row": 61, "column": "price", "text": "N/A"},
        {"row": 62, "column": "price", "text": "abc"},
        {"row": 3, "column": "paid", "text": "NA"},
    ]
    assert load(tmp_path, "full.csv", "a,b\n1,2\n3,4\n").emptied is None

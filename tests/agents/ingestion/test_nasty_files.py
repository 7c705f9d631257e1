"""Files as people really have them, each with what it means written down by hand."""

import datetime as dt
import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.ingestion.contract import Loaded, NamedFile, Options
from agents.ingestion.loading import load_files
from agents.ingestion.narrative import findings_of, warnings_of

PLAIN = [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]
REGIONS = [{"region": "N", "amount": 1}, {"region": "S", "amount": 2}]
HALVES = [
    {"지역": "서울", "2023 매출": 10, "2023 이익": 1, "2024 매출": 12, "2024 이익": 2},
    {"지역": "부산", "2023 매출": 5, "2023 이익": 1, "2024 매출": 6, "2024 이익": 1},
]


def load(tmp_path: Path, name: str, content: bytes | str, options: Options | None = None) -> Loaded:
    source = tmp_path / name
    source.write_bytes(content.encode() if isinstance(content, str) else content)
    files = [NamedFile(source, name)]
    return load_files(files, name, tmp_path / "out.parquet", tmp_path, options or Options(), "en")


def rows(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return found


NASTY: dict[str, tuple[str | bytes, list[dict[str, Any]]]] = {
    "single quotes": (
        "id,name\n1,'Kim, A'\n2,'Lee, B'\n",
        [{"id": 1, "name": "Kim, A"}, {"id": 2, "name": "Lee, B"}],
    ),
    "apostrophes in words": ("a,b\n1,it's\n2,they're\n", [{"a": 1, "b": "it's"}, {"a": 2, "b": "they're"}]),
    "backslash escapes": (
        'id,name\n1,"Kim \\"K\\", A"\n2,"Lee"\n3,\\N\n',
        [{"id": 1, "name": 'Kim "K", A'}, {"id": 2, "name": "Lee"}, {"id": 3, "name": None}],
    ),
    "backslash escapes beside an empty field": (
        'id,name,note\n"1","Kim \\"K\\", A",""\n"2","","x"\n',
        [{"id": 1, "name": 'Kim "K", A', "note": None}, {"id": 2, "name": None, "note": "x"}],
    ),
    "a path before the closing quote": (
        'id,path\n1,"C:\\data\\"\n2,"D:\\a, b\\"\n',
        [{"id": 1, "path": "C:\\data\\"}, {"id": 2, "path": "D:\\a, b\\"}],
    ),
    "a stated separator": ("sep=;\na;b\n1;x\n2;y\n", PLAIN),
    "utf-16 big endian without a mark": ("a,b\n1,x\n2,y\n".encode("utf-16-be"), PLAIN),
    "korean utf-16 without a mark": (
        "이름,값\n가나,1\n다라,2\n".encode("utf-16-le"),
        [{"이름": "가나", "값": 1}, {"이름": "다라", "값": 2}],
    ),
    "latin-1 with a decimal comma": (
        "nom;prix\nCafé;1,5\nÉté;2,25\n".encode("latin-1"),
        [{"nom": "Café", "prix": 1.5}, {"nom": "Été", "prix": 2.25}],
    ),
    "comment lines above": ("# made by x\n# on 2024\na,b\n1,x\n2,y\n", PLAIN),
    "korean money in utf-16 without a mark": (
        ("상품,금액\n" + "사과,₩1200\n" * 30).encode("utf-16-be"),
        [{"상품": "사과", "금액": 1200}] * 30,
    ),
    "a table in markdown": (
        "| name | score |\n|:---|---:|\n| Kim | 1 |\n| Lee | 2.5 |\n",
        [{"name": "Kim", "score": 1.0}, {"name": "Lee", "score": 2.5}],
    ),
    "a table as a database client prints it": (
        " id | name | v\n----+------+---\n  1 | a    | 3\n  2 | b    | 4\n(2 rows)\n",
        [{"id": 1, "name": "a", "v": 3}, {"id": 2, "name": "b", "v": 4}],
    ),
    "a cell that begins as a ruled line": (
        f"region,amount\nnote,{'-' * 80}none yet\n" + "N,1\n" * 30,
        [{"region": "note", "amount": None}, *[{"region": "N", "amount": 1}] * 30],
    ),
    "columns aligned by blanks": (
        "mpg   cyl  name\n21.0    6  Mazda\n 9.8    4  Datsun\n18.1    6  Valiant\n",
        [{"mpg": m, "cyl": c, "name": n} for m, c, n in ((21.0, 6, "Mazda"), (9.8, 4, "Datsun"), (18.1, 6, "Valiant"))],
    ),
    "names of rows in quotes": (
        'mpg cyl wt hp\n"Mazda RX4" 21.5 6 2.6 110\n"Datsun 710" 22.8 4 2.3 93\n',
        [
            {"index": "Mazda RX4", "mpg": 21.5, "cyl": 6, "wt": 2.6, "hp": 110},
            {"index": "Datsun 710", "mpg": 22.8, "cyl": 4, "wt": 2.3, "hp": 93},
        ],
    ),
    "one column of dates in words": (
        "sale date\n5 Mar 2024\n6 Mar 2024\n", [{"sale date": dt.date(2024, 3, d)} for d in (5, 6)],
    ),
    "a separator at the end of every line": ("a,b,\n1,x,\n2,y,\n", PLAIN),
    "blanks beside the separators": ("a, b\n1, x\n2, y\n", PLAIN),
    "the mark of dos at the end": ("a,b\n1,x\n2,y\n\x1a", PLAIN),
    "a header of years": ("1990,1991,1992\n3,4,5\n6,7,8\n", [
        {"1990": 3, "1991": 4, "1992": 5}, {"1990": 6, "1991": 7, "1992": 8},
    ]),
    "windows lines within quotes": ('a,b\r\n1,"x\r\ny"\r\n2,z\r\n', [{"a": 1, "b": "x\r\ny"}, {"a": 2, "b": "z"}]),
    "old mac lines": ("a,b\r1,x\r2,y\r", PLAIN),
    "two header rows": ("지역,2023,,2024,\n,매출,이익,매출,이익\n서울,10,1,12,2\n부산,5,1,6,1\n", HALVES),
    "two header rows, the first empty at its start": (
        ",Q1,,Q2,\nregion,sales,cost,sales,cost\nN,1,2,3,4\nS,5,6,7,8\n",
        [
            {"region": "N", "Q1 sales": 1, "Q1 cost": 2, "Q2 sales": 3, "Q2 cost": 4},
            {"region": "S", "Q1 sales": 5, "Q1 cost": 6, "Q2 sales": 7, "Q2 cost": 8},
        ],
    ),
    "a row of units": (
        "name,weight,price\n,kg,원\nkim,60,1000\nlee,61,2000\n",
        [
            {"name": "kim", "weight (kg)": 60, "price (원)": 1000},
            {"name": "lee", "weight (kg)": 61, "price (원)": 2000},
        ],
    ),
    "subtotals and a grand total": (
        "region,city,sales\nN,a,1\nN,b,2\nN Subtotal,,3\nS,c,4\nS,d,5\nS Subtotal,,9\nGrand Total,,12\n",
        [
            {"region": "N", "city": "a", "sales": 1},
            {"region": "N", "city": "b", "sales": 2},
            {"region": "S", "city": "c", "sales": 4},
            {"region": "S", "city": "d", "sales": 5},
        ],
    ),
    "korean subtotals proved by their sums": (
        "지역,매출\n서울,10\n부산,20\n소계,30\n대구,5\n광주,6\n소계,11\n합계,41\n",
        [{"지역": n, "매출": v} for n, v in (("서울", 10), ("부산", 20), ("대구", 5), ("광주", 6))],
    ),
    "a brand called Total": (
        "brand,price\nTotal,10\nKix,12\nTotal,11\nKix,13\n",
        [{"brand": b, "price": p} for b, p in (("Total", 10), ("Kix", 12), ("Total", 11), ("Kix", 13))],
    ),
    "rows that go on after a blank line": ("region,amount\nN,1\n\nS,2\n", REGIONS),
    "the header again after a blank line": ("region,amount\nN,1\n\nregion,amount\nS,2\n", REGIONS),
    "an unnamed index": (",v\n5,1\n6,3\n", [{"column_1": 5, "v": 1}, {"column_1": 6, "v": 3}]),
    "a header one short": ("v,w\nr1,1,2\nr2,3,4\n", [{"index": "r1", "v": 1, "w": 2}, {"index": "r2", "v": 3, "w": 4}]),
    "ragged rows": ("a,b,c\n1,2\n3,4,5\n6,7,8,,\n", [
        {"a": 1, "b": 2, "c": None}, {"a": 3, "b": 4, "c": 5}, {"a": 6, "b": 7, "c": 8},
    ]),
    "codes with leading zeros late in the file": (
        "zip\n" + "10001\n" * 30 + "02139\n",
        [{"zip": z} for z in ["10001"] * 30 + ["02139"]],
    ),
    "trailing minus and brackets": ("k,v\na,100-\nb,(50)\nc,25\n", [
        {"k": "a", "v": -100}, {"k": "b", "v": -50}, {"k": "c", "v": 25},
    ]),
    "korean amounts": ("상품,금액\n가,1억 2천만\n나,3만\n다,500\n", [
        {"상품": "가", "금액": 120_000_000}, {"상품": "나", "금액": 30_000}, {"상품": "다", "금액": 500},
    ]),
    "swiss thousands": ("k;v\na;1'234.50\nb;2.25\n", [{"k": "a", "v": 1234.5}, {"k": "b", "v": 2.25}]),
    "days first by one value": ("d,v\n3/4/2024,1\n25/12/2024,2\n", [
        {"d": dt.date(2024, 4, 3), "v": 1}, {"d": dt.date(2024, 12, 25), "v": 2},
    ]),
    "months in a Korean header": ("지역,2023년 1월,2023년 2월\n서울,10,12\n부산,5,6\n", [
        {"지역": "서울", "2023년 1월": 10, "2023년 2월": 12}, {"지역": "부산", "2023년 1월": 5, "2023년 2월": 6},
    ]),
    "headerless": ("2024-01-01,5\n2024-01-02,6\n", [
        {"column_1": dt.date(2024, 1, 1), "column_2": 5}, {"column_1": dt.date(2024, 1, 2), "column_2": 6},
    ]),
    "one column": ("name\nkim\nlee\n", [{"name": "kim"}, {"name": "lee"}]),
    "names that repeat": ("a,a,A\n1,2,3\n4,5,6\n", [{"a": 1, "a_2": 2, "A_3": 3}, {"a": 4, "a_2": 5, "A_3": 6}]),
    "tabs in quotes": ('a\tb\n1\t"x\ty"\n2\tz\n', [{"a": 1, "b": "x\ty"}, {"a": 2, "b": "z"}]),
    "gzip": (gzip.compress(b"a,b\n1,x\n2,y\n"), PLAIN),
    "zstandard": (zstandard.compress(b"a,b\n1,x\n2,y\n"), PLAIN),
    "json of names whose records differ": (
        json.dumps({"r1": {"a": 1, "b": 2}, "r2": {"a": 3}}),
        [{"index": "r1", "a": 1, "b": 2}, {"index": "r2", "a": 3, "b": None}],
    ),
    "json of a series": (
        json.dumps({"2024-01-01": 5, "2024-01-02": 6}),
        [{"key": dt.date(2024, 1, day), "value": day + 4} for day in (1, 2)],
    ),
    "three header rows": (
        ",2023,,,,2024,,,\n,H1,,H2,,H1,,H2,\nregion,in,out,in,out,in,out,in,out\nN,1,2,3,4,5,6,7,8\nS,2,3,4,5,6,7,8,9\n",
        [
            {"region": region, **{
                f"{year} {half} {way}": first + 4 * (year == 2024) + 2 * (half == "H2") + (way == "out")
                for year in (2023, 2024) for half in ("H1", "H2") for way in ("in", "out")
            }}
            for region, first in (("N", 1), ("S", 2))
        ],
    ),
    "remarks with separators below": (
        "a,b\n1,x\n2,y\n\n※ 잠정치임\n주) 반올림하여 다를 수 있음, 2024\n출처: 통계청, 2024, 1분기\n", PLAIN,
    ),
    "a title above two columns": ("매출표,\n월,매출\n1월,10\n2월,20\n", [{"월": "1월", "매출": 10}, {"월": "2월", "매출": 20}]),
    "json split": (json.dumps({"columns": ["a", "b"], "index": [0, 1], "data": [[1, "x"], [2, "y"]]}), PLAIN),
    "json by name": (json.dumps({"r1": {"a": 1}, "r2": {"a": 2}}), [{"index": "r1", "a": 1}, {"index": "r2", "a": 2}]),
    "json of columns": (json.dumps({"a": [1, 2], "b": ["x", "y"]}), PLAIN),
    "json records in an envelope": (json.dumps({"ok": True, "result": {"rows": PLAIN}}), PLAIN),
    "json lines": ('{"a": 1, "b": "x"}\n{"a": 2, "b": "y"}\n', PLAIN),
}  # fmt: skip


@pytest.mark.parametrize("name", NASTY)
def test_a_file_is_read_as_what_it_means(tmp_path: Path, name: str) -> None:
    content, meant = NASTY[name]
    loaded = load(tmp_path, "data.bin" if isinstance(content, bytes) else "data.txt", content)

    assert rows(tmp_path / "out.parquet") == meant
    account = loaded.report["rows"]
    assert account["read"] == account["loaded"] + account["dropped"]
    assert account["loaded"] == loaded.rows == len(meant)


@pytest.mark.parametrize("size", [396, 397])
def test_a_value_that_the_sample_cuts_off_does_not_decide_how_quotes_are_escaped(
    tmp_path: Path, size: int
) -> None:
    pipes = [f'{number},"a 12\\" pipe, long"' for number in range(size)]
    last = f'{size},"a pipe\n' + "and more of it\n" * 9 + 'to the end"'
    load(tmp_path, "pipes.csv", "\n".join(["id,what", *pipes, last]) + "\n")

    read = [row["what"] for row in rows(tmp_path / "out.parquet")]
    assert read == ['a 12" pipe, long'] * size + ["a pipe\n" + "and more of it\n" * 9 + "to the end"]


@pytest.mark.parametrize("kind", ["feather", "stream"])
def test_arrow_files_are_read(tmp_path: Path, kind: str) -> None:
    table = pa.Table.from_pylist(PLAIN)
    sink = io.BytesIO()
    with (pa.ipc.new_file if kind == "feather" else pa.ipc.new_stream)(sink, table.schema) as writer:
        writer.write_table(table)
    load(tmp_path, f"t.{kind}", sink.getvalue())

    assert rows(tmp_path / "out.parquet") == PLAIN


TWO = "Sales 2024\nregion,amount\nN,1\nS,2\n\nCosts\nitem,cost,note\nrent,100,x\nfood,50,y\nfuel,20,z\n"


@pytest.mark.parametrize(
    "text", [TWO, TWO.replace("\n\n", "\n").replace("Costs\n", "").replace("Sales 2024\n", "")]
)
def test_two_tables_in_one_file_are_two(tmp_path: Path, text: str) -> None:
    loaded = load(tmp_path, "two.csv", text)

    assert rows(tmp_path / "out.parquet")[0] == {"item": "rent", "cost": 100, "note": "x"}
    assert rows(loaded.further[0].path) == REGIONS
    assert [table["rows"]["loaded"] for table in loaded.report["tables"]] == [3, 2]
    assert "tables" in {item.kind for item in findings_of(loaded.report, "ko")}


@pytest.mark.parametrize("choice", ["Sales 2024", "sales 2024", 1, "1"])
def test_a_table_is_chosen_by_title_or_number(tmp_path: Path, choice: str | int) -> None:
    loaded = load(tmp_path, "two.csv", TWO, Options(table=choice))

    assert rows(tmp_path / "out.parquet") == REGIONS
    assert loaded.report["tables"][1] == {"name": "Costs", "main": False, "left_out": "not_chosen"}


def workbook(tmp_path: Path) -> bytes:
    """A workbook with a merged header and labels, two tables on a sheet, and a hidden sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "매출"
    filled: dict[str, list[str | int | None]] = {
        "B3": ["지역", "2023", None, "2024", None],
        "B4": [None, "매출", "이익", "매출", "이익"],
        "B5": ["서울", 10, 1, 12, 2],
        "B6": ["부산", 5, 1, 6, 1],
        "B9": ["item", "cost"],
        "B10": ["rent", 100],
        "B11": ["food", 50],
    }
    for at, cells in filled.items():
        for offset, cell in enumerate(cells):
            sheet.cell(int(at[1:]), 2 + offset, cell)
    sheet.merge_cells("C3:D3")
    sheet.merge_cells("E3:F3")
    hidden = book.create_sheet("secret")
    hidden.sheet_state = "hidden"
    for row in (["a", "b"], *[[n, "x"] for n in range(30)]):
        hidden.append(row)
    target = tmp_path / "made.xlsx"
    book.save(target)
    return target.read_bytes()


def test_a_sheet_may_hold_several_tables_anywhere(tmp_path: Path) -> None:
    loaded = load(tmp_path, "book.xlsx", workbook(tmp_path))

    assert rows(tmp_path / "out.parquet") == HALVES
    assert [rows(table.path)[0] for table in loaded.further] == [
        {"item": "rent", "cost": 100},
        {"a": 0, "b": "x"},
    ]
    assert loaded.report["source"]["hidden_sheets"] == ["secret"]
    assert any("secret" in warning for warning in warnings_of(loaded.report, "en"))
    assert load(tmp_path, "book.xlsx", workbook(tmp_path), Options(sheet="secret")).rows == 30


def test_a_reading_that_the_beginning_does_not_show_is_found(tmp_path: Path) -> None:
    head = "".join(f"{i},{i % 7}\n" for i in range(700_000))
    late = "700001,2.5\n700002,N/A\n"
    loaded = load(tmp_path, "late.csv", f"k,v\n{head}{late}")

    assert [(c.type, c.nullable) for c in loaded.columns] == [("integer", False), ("number", True)]
    assert pq.read_table(tmp_path / "out.parquet").column("v").to_pylist()[-2:] == [2.5, None]
    assert loaded.rows == 700_002


MUTILATION = st.lists(
    st.tuples(
        st.sampled_from(["cut", "double", "quote", "blank", "comma", "total", "header"]), st.integers(0, 40)
    ),
    max_size=8,
)


def mutilated(changes: list[tuple[str, int]]) -> str:
    """A clean table of 40 rows whose key is a word of its own per row, damaged here and there."""
    lines = ["key,word,n", *(f"key{i:03d},word{i:03d},{i}" for i in range(40))]
    for what, at in changes:
        place = 1 + at % (len(lines) - 1)
        lines[place] = {
            "cut": lines[place].rsplit(",", 1)[0],
            "double": f"{lines[place]}\n{lines[place]}",
            "quote": lines[place].replace(",", ',"', 1),
            "blank": f"{lines[place]}\n\n",
            "comma": f"{lines[place]},x,y",
            "total": f"{lines[place]}\nTotal,,99",
            "header": f"{lines[place]}\n{lines[0]}",
        }[what]
    return "\n".join(lines) + "\n"


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(MUTILATION)
def test_nothing_is_lost_silently_whatever_is_done_to_a_file(
    tmp_path: Path, changes: list[tuple[str, int]]
) -> None:
    text = mutilated(changes)
    loaded = load(tmp_path, "m.csv", text)

    tables = [tmp_path / "out.parquet", *(table.path for table in loaded.further)]
    stored = " ".join(str(cell) for path in tables for row in rows(path) for cell in row.values())
    dropped = sum(table["rows"]["dropped"] for table in loaded.report["tables"])
    lost = [key for i in range(40) if (key := f"key{i:03d}") in text and key not in stored]
    assert len(lost) <= dropped
    for table, path in zip(loaded.report["tables"], tables, strict=True):
        account = table["rows"]
        assert account["read"] == account["loaded"] + account["dropped"]
        assert account["loaded"] == len(rows(path))
        assert account["dropped"] == sum(drop["count"] for drop in account["drops"])


def test_parquet_of_pandas_loses_its_index_column_only(tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": [1, 2]}, index=pd.Index(["p", "q"]))
    frame.to_parquet(tmp_path / "x.parquet")
    load(tmp_path, "y.parquet", (tmp_path / "x.parquet").read_bytes())

    assert rows(tmp_path / "out.parquet") == [{"a": 1}, {"a": 2}]


def test_nan_in_parquet_is_a_missing_value(tmp_path: Path) -> None:
    table = pa.table({"k": list("abcd"), "v": [float("nan"), None, 2.5, float("inf")]})
    pq.write_table(table, tmp_path / "x.parquet")
    loaded = load(tmp_path, "y.parquet", (tmp_path / "x.parquet").read_bytes())

    assert [row["v"] for row in rows(tmp_path / "out.parquet")] == [None, None, 2.5, float("inf")]
    assert loaded.columns[1].nullable


def stacked(tmp_path: Path, name: str, content: bytes | str) -> list[dict[str, Any]]:
    """The rows of a dataset that several parts make up, each of which has an account that adds up to the whole."""
    loaded = load(tmp_path, name, content)
    report = loaded.report
    assert sum(part["rows"]["read"] for part in report["files"]) == report["rows"]["read"]
    assert sum(part["rows"]["loaded"] for part in report["files"]) == loaded.rows
    return rows(tmp_path / "out.parquet")


def test_sheets_of_the_same_columns_are_one_dataset_without_the_one_that_sums_up(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, amounts in (("전체", (4, 6)), ("1월", (1, 2)), ("2월", (3, 4))):
        sheet = book.create_sheet(title)
        for row in (("품목", "금액"), ("배", amounts[0]), ("감", amounts[1])):
            sheet.append(row)
    content = io.BytesIO()
    book.save(content)

    assert stacked(tmp_path, "months.xlsx", content.getvalue()) == [
        {"품목": item, "금액": amount, "sheet": month}
        for month, amounts in (("1월", (1, 2)), ("2월", (3, 4)))
        for item, amount in zip(("배", "감"), amounts, strict=True)
    ]


def archive(**members: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        for name, text in members.items():
            packed.writestr(f"{name}.csv", text)
    return content.getvalue()


def test_files_of_an_archive_are_one_dataset_when_they_have_the_same_columns(tmp_path: Path) -> None:
    assert stacked(tmp_path, "years.zip", archive(y23="a,b\n1,x\n", y24="a,b\n2,y\n")) == [
        {**row, "source_file": name} for row, name in zip(PLAIN, ("y23.csv", "y24.csv"), strict=True)
    ]


def test_other_files_of_an_archive_are_tables_of_their_own(tmp_path: Path) -> None:
    loaded = load(tmp_path, "two.zip", archive(small="k\n1\n", large="a,b\n1,x\n2,y\n"))

    assert rows(tmp_path / "out.parquet") == PLAIN
    assert [(table.name, rows(table.path)) for table in loaded.further] == [("small.csv", [{"k": 1}])]


def test_blocks_of_a_report_with_the_same_header_are_one_dataset(tmp_path: Path) -> None:
    report = "Seoul\nmonth,sales\n1,3\n2,4\n\nBusan\nmonth,sales\n1,5\n2,6\n"

    assert stacked(tmp_path, "blocks.csv", report) == [
        {"month": month, "sales": sales, "table": city}
        for city, month, sales in (("Seoul", 1, 3), ("Seoul", 2, 4), ("Busan", 1, 5), ("Busan", 2, 6))
    ]


def test_formulas_that_were_never_calculated_are_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (("a", "b", "sum"), (1, 2, "=A2+B2"), (3, 4, "=A3+B3")):
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    loaded = load(tmp_path, "sums.xlsx", content.getvalue())

    assert any("without any value: sum" in text for text in warnings_of(loaded.report, "en"))
    assert any("수식" in text for text in warnings_of(loaded.report, "ko"))

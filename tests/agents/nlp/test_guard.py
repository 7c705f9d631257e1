"""Only one read-only SELECT over `data` gets through, and the engine reaches nothing else."""

from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.nlp.engine import run_select
from agents.nlp.guard import UnsafeSqlError, check_sql
from mesh.errors import BadInputError

REFUSED = [
    "select 1; drop table data",
    "select * from data; select * from data",
    "drop table data",
    "delete from data",
    "update data set region = 'x'",
    "insert into data values (1)",
    "create table t as select * from data",
    "copy data to '/tmp/x.csv'",
    "copy (select * from data) to '/tmp/x.csv'",
    "attach '/tmp/x.db'",
    "pragma version",
    "set threads = 4",
    "install httpfs",
    "load httpfs",
    "call pragma_version()",
    "explain select * from data",
    "select * from read_csv('/etc/passwd')",
    "select * from read_parquet('/etc/passwd')",
    "select * from read_text('/etc/passwd')",
    "select * from '/etc/passwd'",
    "select * from glob('/*')",
    "select * from information_schema.tables",
    "select * from duckdb_settings()",
    "select * from other",
    "select * from main.data",
    "select (select content from read_text('/etc/passwd')) from data",
    "select getenv('HOME') from data",
    "select * from data, read_text('/etc/passwd')",
    "with t as (insert into data values (1) returning *) select * from t",
    "with data as (select 1) select * from data",
    "with recursive t as (select 1 as n union all select n + 1 from t) select * from t, data",
    "select * from data union all select * from data",
    "select 1",
    "select * from range(1000000000)",
    "select * from data where region = (select current_setting('home_directory'))",
    "",
    ";",
    "not sql at all (",
]
ALLOWED = [
    "select * from data",
    "select region, sum(revenue) as s from data where revenue > 3 group by 1 having sum(revenue) > 10 order by 2 desc limit 3",
    "with t as (select region, sum(revenue) as s from data group by region) select max(s) from t",
    "select avg(s) from (select sum(revenue) as s from data group by region) as g",
]


@pytest.mark.parametrize("sql", REFUSED)
def test_anything_but_one_select_over_the_data_is_refused(sql: str) -> None:
    with pytest.raises(UnsafeSqlError):
        check_sql(sql)


@pytest.mark.parametrize("sql", ALLOWED)
def test_plain_queries_pass_and_run(sql: str, parquet: dict[str, Path]) -> None:
    columns, rows, _ = run_select(sql, parquet["sales"], max_rows=5)
    assert columns
    assert 1 <= len(rows) <= 5


@given(st.sampled_from(ALLOWED), st.sampled_from(REFUSED[:20]))
def test_a_second_statement_is_refused_whatever_the_first(first: str, second: str) -> None:
    with pytest.raises(UnsafeSqlError):
        check_sql(f"{first}; {second}")


@given(st.text(max_size=60))
def test_what_passes_is_one_select(text: str) -> None:
    try:
        checked = check_sql(text)
    except UnsafeSqlError:
        return
    assert [s.type for s in duckdb.extract_statements(checked)] == [duckdb.StatementType.SELECT]


def test_rows_beyond_the_limit_are_reported(parquet: dict[str, Path]) -> None:
    _, rows, truncated = run_select("select * from data", parquet["sales"], max_rows=10)
    assert len(rows) == 10
    assert truncated


def test_an_unknown_column_is_bad_input(parquet: dict[str, Path]) -> None:
    with pytest.raises(BadInputError, match="nowhere"):
        run_select("select nowhere from data", parquet["sales"])

"""Named connections: what the file may say, who may read it, and that secrets stay out of texts."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesh.addresses import refuse_credentials
from mesh.calls import bytes_part, data_part, decode_call, encode_call, url_part
from mesh.connection_options import ConnectionOptions
from mesh.connections import Connection, load_connections, shown_address
from mesh.errors import (
    BadInputError,
    ForbiddenError,
    InvalidRequestError,
    MeshError,
    NotFoundError,
    SettingsError,
)
from mesh.results import FileRef
from mesh.selection import Selection, check_selection, selection_at, selection_ref

FILE = """
[shop]
url = "postgresql://reader:${SHOP_PASSWORD}@db.example.org:5433/shop?sslmode=require"

[api]
url = "https://api.example.org/v1"
headers = { Authorization = "Bearer ${API_TOKEN}", Accept = "application/json" }
"""


def write(folder: Path, text: str, mode: int = 0o600) -> Path:
    path = folder / "connections.toml"
    path.write_text(text)
    path.chmod(mode)
    return path


def test_variables_are_filled_in_and_a_password_may_hold_any_character(tmp_path: Path) -> None:
    connections = load_connections(write(tmp_path, FILE, 0o644))
    shop = connections.opened("shop", {"SHOP_PASSWORD": "p@ss/w:rd", "API_TOKEN": "tok-123456"})
    api = connections.opened("api", {"API_TOKEN": "tok-123456"})

    assert shop.url == "postgresql://reader:p%40ss%2Fw%3Ard@db.example.org:5433/shop?sslmode=require"
    assert shop.place == "postgresql://db.example.org:5433/shop"
    assert (shop.kind, api.kind) == ("postgresql", "http")
    assert api.options.headers["Authorization"] == "Bearer tok-123456"
    for text in (repr(shop), shop.place, str(shop), api.redacted("401 for Bearer tok-123456")):
        assert "p@ss" not in text
        assert "p%40ss" not in text
        assert "tok-123456" not in text


def test_a_variable_that_is_not_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="SHOP_PASSWORD"):
        load_connections(write(tmp_path, FILE)).opened("shop", {})


def test_no_file_means_no_connections_and_an_unknown_name_lists_the_known(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="Known: none"):
        load_connections(tmp_path / "nothing.toml").named("shop")
    with pytest.raises(NotFoundError, match="Known: api, shop"):
        load_connections(write(tmp_path, FILE)).named("shoop")


@pytest.mark.parametrize(
    "entry",
    [
        'url = "postgresql://me:letmein@host/x"',
        'url = "s3://b"\naccess_key = "${KEY}"\nsecret_key = "letmein"',
        'url = "https://h/"\nheaders = { "X-Api-Key" = "letmein" }',
        'url = "https://h/?token=letmein"',
    ],
)
def test_a_secret_that_everybody_may_read_is_refused_without_repeating_it(tmp_path: Path, entry: str) -> None:
    with pytest.raises(SettingsError, match="chmod 600") as refused:
        load_connections(write(tmp_path, f"[x]\n{entry}\n", 0o644))
    assert "letmein" not in str(refused.value)
    connections = load_connections(write(tmp_path, f"[x]\n{entry}\n", 0o600))
    assert "letmein" not in connections.opened("x", {"KEY": "k" * 8}).redacted("it said letmein")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[x", "cannot be read"),
        ('[x]\nurl = "a://b"\npassword = "letmein"', "'x'.*password"),
        ("[x]\nport = 1", "'x'.*url"),
        ('x = "postgresql://me:letmein@h/x"', "'x'"),
        ('["x y"]\nurl = "a://b"', "cannot name a connection"),
    ],
)
def test_a_mistake_in_the_file_is_named_without_its_value(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words) as refused:
        load_connections(write(tmp_path, text))
    assert "letmein" not in str(refused.value)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=30))
def test_no_secret_survives_redaction(secret: str) -> None:
    options = ConnectionOptions(url="https://h/")
    connection = Connection("x", options, [secret])
    assert secret not in connection.redacted(f"before {secret} after").replace("***", "").replace(
        "(not shown: it may hold a secret)", ""
    ).replace("before ", "").replace(" after", "")


@pytest.mark.parametrize(
    "selection",
    [
        Selection(connection="shop"),
        Selection(connection="shop", table="주문 표"),
        Selection(connection="shop", query="SELECT 'a&b=c' AS x -- #?\n", limit=5),
        Selection(connection="m", collection="orders", filter={"n": {"$gt": 3}, "s": "5"}, fields=["n", "s"]),
        Selection(connection="lake", object="sales/2024 *.parquet"),
        Selection(connection="api", path="/orders", params={"q": "x y", "n": 5, "ok": True}),
        Selection(connection="ticks", stream="7", events=10, seconds=1.5, after="0-1"),
    ],
)
def test_a_selection_survives_its_address(selection: Selection) -> None:
    ref = selection_ref(selection)
    assert selection_at(ref.uri) == selection
    assert ref.sha256 is None
    assert ref.media_type == "application/vnd.a2a-mesh.connection"


def test_an_address_holds_nothing_but_a_name_and_parameters() -> None:
    assert selection_at("connection://shop?table=orders&limit=3") == Selection(
        connection="shop", table="orders", limit=3
    )
    for uri in ("connection://shop/orders", "connection://", "connection://shop?tabel=x", "connection://a b"):
        with pytest.raises(InvalidRequestError):
            selection_at(uri)
    with pytest.raises(InvalidRequestError, match="either a table or a query"):
        selection_at("connection://shop?table=a&query=b")


def test_fields_must_fit_what_the_connection_leads_to() -> None:
    check_selection(Selection(connection="m", collection="c"), "mongodb")
    with pytest.raises(BadInputError, match=r"no 'table'.*collection, filter, fields"):
        check_selection(Selection(connection="m", table="t"), "mongodb")
    with pytest.raises(BadInputError, match="needs 'object'"):
        check_selection(Selection(connection="lake"), "s3")


@pytest.mark.parametrize(
    "url", ["https://me:letmein@h/x", "connection://me:letmein@shop", "postgresql://letmein@h/x"]
)
def test_a_message_cannot_carry_a_password(url: str) -> None:
    for attempt in (
        lambda: refuse_credentials(url),
        lambda: FileRef(name="x", uri=url),
        lambda: decode_call(_message(url)),
        lambda: decode_call(_call(url)),
    ):
        with pytest.raises(MeshError) as refused:
            attempt()
        assert isinstance(refused.value, ForbiddenError)
        assert "letmein" not in str(refused.value)


def test_addresses_and_bytes_without_a_password_pass() -> None:
    for uri in ("https://h/a@b", "mesh://objects/ab", "file:///data/a@b.csv", "connection://shop?query=a@b"):
        assert FileRef(name="x", uri=uri).uri == uri
    message = _message("https://h/x")
    message.parts.append(bytes_part(b"://a:b@c", name="x"))
    assert len(decode_call(message).files) == 2


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://me:pw@h:5/db?password=x#y", "postgresql://h:5/db"),
        ("mongodb://me:p@w@a,b/db", "mongodb://a,b/db"),
        ("sqlite:///tmp/x.db", "sqlite:///tmp/x.db"),
        ("nothing", "…"),
    ],
)
def test_an_address_is_shown_without_what_opens_it(url: str, shown: str) -> None:
    assert shown_address(url) == shown


def _message(url: str) -> Any:
    message = encode_call("s", {}, goal="load")
    message.parts.append(url_part(url, name="x"))
    return message


def _call(url: str) -> Any:
    source = {"name": "source", "type": "source", "file": {"name": "x", "uri": url}}
    message = encode_call("s", {}, goal="load")
    message.parts[0].CopyFrom(data_part({"skill": "s", "inputs": {"source": source}}))
    return message

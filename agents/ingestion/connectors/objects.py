"""Objects of an S3 endpoint as local files: one by its key, or the ones that a prefix or a pattern means."""

import fnmatch
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

import urllib3
from minio import Minio
from minio.error import MinioException, S3Error

from mesh.connections import Connection
from mesh.errors import ForbiddenError, MeshError, NotFoundError, SettingsError, TooLargeError
from mesh.language import Language, refused, say
from mesh.selection import Selection

from .landing import Landed, Limits, origin_of, unreachable

MAX_OBJECTS = 1_000
_CHUNK_BYTES = 1 << 20
_CONNECT_S = 10.0
_MAX_LISTED = 20
_PATTERN = frozenset("*?[")
_NO_LOGIN = frozenset({"AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken"})
_NOT_THERE = frozenset({"NoSuchKey", "NoSuchBucket", "NoSuchObject"})


def read_object(
    connection: Connection,
    selection: Selection,
    folder: Path,
    limits: Limits,
    language: Language,
    progress: Callable[[float, str], None],
) -> Landed:
    """The selected object as a file in `folder`, or each of those that a prefix or pattern means.

    Raises: NotFoundError when nothing is there; ForbiddenError, TooLargeError; UnavailableError.
    """
    bucket, key = _address(connection, selection.object or "")
    client = _client(connection, limits)
    try:
        several = key.endswith("/") or bool(_PATTERN & set(key))
        keys = matching_keys(client, bucket, key) if several else [key]
        if not keys:
            raise _nothing(key, language)
        parts: list[tuple[Path, str]] = []
        size = 0
        for number, each in enumerate(keys):
            path = folder / f"object-{number}"
            left = Limits(limits.deadline_s, limits.size_bytes - size)

            def share(fraction: float, message: str, number: int = number) -> None:
                progress((number + fraction) / len(keys), message)

            size += _download(client, bucket, each, path, left, language, share)
            parts.append((path, PurePosixPath(each).name if len(keys) == 1 else each))
    except (MinioException, urllib3.exceptions.HTTPError) as error:
        raise _explained(connection, error, key, language) from None
    name = parts[0][1] if len(parts) == 1 else connection.name
    return Landed(parts[0][0], name, origin_of(connection, key, bytes=size, objects=len(parts)), tuple(parts))


def object_keys(connection: Connection, limits: Limits) -> list[str]:
    """The first keys below the connection's address."""
    bucket, prefix = _address(connection, "")
    client = _client(connection, limits)
    try:
        return list(_keys(client, bucket, prefix, most=_MAX_LISTED))
    except (MinioException, urllib3.exceptions.HTTPError) as error:
        raise _explained(connection, error, prefix, "en") from None


def matching_keys(client: Minio, bucket: str, pattern: str) -> list[str]:
    """Keys that a prefix (ending with '/') or a pattern of shell wildcards means, in order. `*` does not cross a '/'."""
    fixed = pattern[
        : min((pattern.index(sign) for sign in _PATTERN if sign in pattern), default=len(pattern))
    ]
    depth = pattern.count("/")
    return [
        key
        for key in _keys(client, bucket, fixed, most=MAX_OBJECTS)
        if pattern.endswith("/") or (key.count("/") == depth and fnmatch.fnmatchcase(key, pattern))
    ]


def _keys(client: Minio, bucket: str, prefix: str, most: int) -> Iterator[str]:
    count = 0
    for item in client.list_objects(bucket, prefix=prefix, recursive=True):
        name = item.object_name
        if name is None or name.endswith("/"):
            continue
        count += 1
        if count > most:
            break
        yield name


def _nothing(pattern: str, language: Language) -> NotFoundError:
    en = "Nothing in the bucket matches {pattern}. Check the name."
    ko = "버킷에 {pattern}에 맞는 객체가 없습니다. 이름을 확인해 주십시오."
    return NotFoundError(say(language, en=en, ko=ko, pattern=pattern))


def _download(
    client: Minio,
    bucket: str,
    key: str,
    path: Path,
    limits: Limits,
    language: Language,
    progress: Callable[[float, str], None],
) -> int:
    """Fetches one object into `path`; its size in bytes."""
    response = client.get_object(bucket, key)
    try:
        size = int(response.headers.get("content-length") or 0)
        if size > limits.size_bytes:
            raise _too_large(key, limits)
        done = 0
        message = say(language, en="Fetching {key}", ko="{key}(을/를) 내려받고 있습니다", key=key)
        with path.open("wb") as file:
            for chunk in response.stream(_CHUNK_BYTES):
                done += len(chunk)
                if done > limits.size_bytes:
                    raise _too_large(key, limits)
                file.write(chunk)
                progress(min(1.0, done / size) if size else 0.0, message)
        return done
    finally:
        response.close()
        response.release_conn()


def _too_large(key: str, limits: Limits) -> TooLargeError:
    return refused(
        TooLargeError,
        en="The object {key} is larger than the limit of {limit:,} bytes (MESH_MAX_UPLOAD_BYTES).",
        ko="{key} 객체가 한도 {limit:,}바이트(MESH_MAX_UPLOAD_BYTES)를 넘습니다.",
        key=key,
        limit=limits.size_bytes,
    )


def _address(connection: Connection, key: str) -> tuple[str, str]:
    """The bucket, and the key with the prefix of the connection's URL in front."""
    parts = urlsplit(connection.url)
    if not parts.netloc:
        raise refused(
            SettingsError,
            en="The url of the connection '{name}' names no bucket. Write s3://BUCKET.",
            ko="'{name}' 연결의 url에 버킷이 없습니다. s3://BUCKET 형식으로 적어 주십시오.",
            name=connection.name,
        )
    prefix = parts.path.strip("/")
    return parts.netloc, f"{prefix}/{key}" if prefix else key


def _client(connection: Connection, limits: Limits) -> Minio:
    options = connection.options
    endpoint = urlsplit(options.endpoint or "https://s3.amazonaws.com")
    if endpoint.scheme not in ("http", "https") or not endpoint.netloc:
        raise refused(
            SettingsError,
            en="The endpoint of the connection '{name}' is not an http or https address.",
            ko="'{name}' 연결의 endpoint가 http나 https 주소가 아닙니다.",
            name=connection.name,
        )
    timeout = urllib3.Timeout(connect=_CONNECT_S, read=limits.deadline_s)
    return Minio(
        endpoint.netloc,
        access_key=options.access_key,
        secret_key=options.secret_key or ("" if options.access_key else None),
        session_token=options.session_token,
        secure=endpoint.scheme == "https",
        region=options.region or "us-east-1",
        http_client=urllib3.PoolManager(timeout=timeout, retries=urllib3.Retry(total=2, backoff_factor=0.3)),
    )


def _explained(connection: Connection, error: Exception, key: str, language: Language) -> MeshError:
    code = error.code if isinstance(error, S3Error) else None
    values = {"name": connection.name, "key": key, "code": code}
    if code in _NOT_THERE:
        en = "The connection '{name}' has no object {key} ({code}). Check the key and the bucket."
        ko = "'{name}' 연결에 {key} 객체가 없습니다({code}). 키와 버킷을 확인해 주십시오."
        return NotFoundError(say(language, en=en, ko=ko, **values))
    if code in _NO_LOGIN:
        en = "The connection '{name}' may not read {key} ({code}). Check its keys and their rights."
        ko = "'{name}' 연결로 {key} 객체를 읽을 권한이 없습니다({code}). 키와 권한을 확인해 주십시오."
        return ForbiddenError(say(language, en=en, ko=ko, **values))
    return unreachable(connection, error)

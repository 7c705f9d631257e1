"""multipart/form-data as it arrives: small fields in memory, file bytes passed on chunk by chunk."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from mesh.analysis import MAX_SOURCES
from mesh.errors import InvalidRequestError, TooLargeError

MAX_FIELD_BYTES = 256 * 1024
MAX_PARTS = MAX_SOURCES + 4
_MAX_HEADER_BYTES = 8 * 1024


@dataclass
class Part:
    """The head of one part: the field's name, and for a file its name and media type."""

    name: str
    file_name: str | None = None
    media_type: str = ""


@dataclass
class _Head:
    headers: dict[str, bytes] = field(default_factory=dict)
    name: bytearray = field(default_factory=bytearray)
    value: bytearray = field(default_factory=bytearray)

    def end_header(self) -> None:
        self.headers[self.name.decode("latin-1").lower()] = bytes(self.value)
        self.name.clear()
        self.value.clear()

    def part(self) -> Part:
        _, options = parse_options_header(self.headers.get("content-disposition", b""))
        name = options.get(b"name")
        if name is None:
            raise InvalidRequestError(
                "A part of the form has no name. Every part needs Content-Disposition with name=…."
            )
        file_name = options.get(b"filename")
        return Part(
            name.decode("utf-8", "replace"),
            None if file_name is None else file_name.decode("utf-8", "replace"),
            self.headers.get("content-type", b"").decode("latin-1"),
        )


class _PartEnd:
    pass


_Event = Part | bytes | _PartEnd


class MultipartReader:
    """Reads a form's parts in order. Of a part that the caller does not read to its end, the rest is skipped.

    Memory stays at one network chunk, whatever the size of the files.
    """

    def __init__(self, chunks: AsyncIterator[bytes], content_type: str) -> None:
        kind, options = parse_options_header(content_type)
        boundary = options.get(b"boundary")
        if kind != b"multipart/form-data" or not boundary:
            raise InvalidRequestError(
                "The form has no boundary. Let your HTTP client set the Content-Type of the form."
            )
        self._chunks = chunks
        self._events: list[_Event] = []
        self._head = _Head()
        self._header_bytes = 0
        self._complete = False
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._on_begin,
                "on_header_field": self._on_header_field,
                "on_header_value": self._on_header_value,
                "on_header_end": lambda: self._head.end_header(),
                "on_headers_finished": lambda: self._events.append(self._head.part()),
                "on_part_data": lambda data, start, end: self._events.append(data[start:end]),
                "on_part_end": lambda: self._events.append(_PartEnd()),
                "on_end": self._on_end,
            },
        )

    async def parts(self) -> AsyncIterator[Part]:
        """Every part's head, in the order of the body.

        Raises: InvalidRequestError for a malformed or cut form, and for one of too many parts once they are reached, however
        the network has cut it.
        """
        count = 0
        while (event := await self._next()) is not None:
            if isinstance(event, Part):
                count += 1
                if count > MAX_PARTS:
                    raise InvalidRequestError(f"The form has more than {MAX_PARTS} parts.")
                yield event

    async def data(self) -> AsyncIterator[bytes]:
        """The bytes of the part whose head came last."""
        while isinstance(event := await self._next(), bytes):
            if event:
                yield event

    async def text(self, limit_bytes: int = MAX_FIELD_BYTES) -> str:
        """The part as text. Raises: TooLargeError over the limit, InvalidRequestError when not UTF-8."""
        value = bytearray()
        async for chunk in self.data():
            value += chunk
            if len(value) > limit_bytes:
                raise TooLargeError(
                    f"A field of the form is over {limit_bytes:,} bytes. Send data as the 'file' part."
                )
        try:
            return value.decode()
        except UnicodeDecodeError as error:
            raise InvalidRequestError("A text field of the form is not UTF-8.") from error

    async def _next(self) -> _Event | None:
        while not self._events:
            chunk = await anext(self._chunks, None)
            if chunk is None:
                if not self._complete:
                    raise InvalidRequestError("The form ends before its last boundary. Send it complete.")
                return None
            self._feed(chunk)
        return self._events.pop(0)

    def _feed(self, chunk: bytes) -> None:
        try:
            self._parser.write(chunk)
        except MultipartParseError as error:
            raise InvalidRequestError(f"The form is malformed: {error}.") from error

    def _on_begin(self) -> None:
        self._header_bytes = 0
        self._head = _Head()

    def _on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._count_header(end - start)
        self._head.name += data[start:end]

    def _on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._count_header(end - start)
        self._head.value += data[start:end]

    def _count_header(self, size: int) -> None:
        self._header_bytes += size
        if self._header_bytes > _MAX_HEADER_BYTES:
            raise InvalidRequestError("The headers of a part of the form are too long.")

    def _on_end(self) -> None:
        self._complete = True

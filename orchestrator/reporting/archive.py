"""Everything an analysis leaves behind in one ZIP: what a colleague needs who has no mesh."""

import io
import re
import zipfile
from collections.abc import Mapping

_TIME = (1980, 1, 1, 0, 0, 0)
_UNSAFE = re.compile(r"[^\w.\-]+")


def packed(files: Mapping[str, bytes]) -> bytes:
    """A ZIP of the files by their path; the same files give the same bytes."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(zipfile.ZipInfo(path, _TIME), content, zipfile.ZIP_DEFLATED)
    return body.getvalue()


def safe_path(folder: str, number: int, name: str) -> str:
    """A path inside the archive for the `number`-th file of a folder, whatever the file is called."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return f"{folder}/{number:02d}-{_UNSAFE.sub('_', last).strip('._') or 'file'}"

"""Files in a message become the inputs of a skill, so that any A2A client can send text and a file."""

import mimetypes
from pathlib import Path

from a2a.types import Part

from mesh.agent import SkillSpec
from mesh.calls import SkillCall
from mesh.context import SkillContext
from mesh.results import FileRef, Output
from mesh.tables import table_to_parquet


async def inputs_from_files(
    spec: SkillSpec, call: SkillCall, context: SkillContext
) -> dict[str, list[Output]]:
    """The file parts of a call, as the `source` or `dataset` that the skill consumes.

    A skill that takes datasets gets each file read as a table; one that takes sources gets the file itself. Of several
    required inputs each gets one file, in order; what is left goes to the first.

    Raises: BadInputError when a file is not a table.
    """
    inputs: dict[str, list[Output]] = {}
    flows = [flow for flow in spec.flow.consumes if flow.type in ("source", "dataset")]
    if not flows:
        return inputs
    required = [flow for flow in flows if flow.required] or flows[:1]
    for position, part in enumerate(call.files):
        flow = required[position] if position < len(required) else flows[0]
        name = Path(part.filename or f"file-{position}").name
        output = Output(name=flow.name, type="source", file=await _file_of(part, name, context))
        if flow.type == "dataset":
            output = await _as_dataset(output, flow.name, context)
        inputs.setdefault(flow.name, []).append(output)
    return inputs


async def _file_of(part: Part, name: str, context: SkillContext) -> FileRef:
    media_type = part.media_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
    if part.WhichOneof("content") == "url":
        return FileRef(name=name, media_type=media_type, uri=part.url)
    path = context.workdir / f"upload-{name}"
    path.write_bytes(part.raw)
    return await context.save_file(path, name=name, media_type=media_type)


async def _as_dataset(source: Output, name: str, context: SkillContext) -> Output:
    assert source.file is not None
    path = await context.local(source.file)
    target = context.workdir / f"{source.file.name}.parquet"
    columns, rows = await context.compute(table_to_parquet, path, source.file.name, target)
    stem = source.file.name.rsplit(".", 1)[0]
    dataset = await context.save_dataset(target, name=stem, columns=columns, rows=rows)
    return Output(name=name, type="dataset", dataset=dataset)

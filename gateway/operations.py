"""The gateway's operations as documentation: what each takes, gives and refuses."""

from dataclasses import dataclass
from typing import get_args

from pydantic import BaseModel

from mesh.analysis import Analysis, Plan, ProgressEvent

from .models import (
    Accepted,
    AgentAddress,
    AgentList,
    AgentView,
    AnalysisPage,
    AnalyzeForm,
    AnalyzeRequest,
    Cancellation,
    FollowUp,
    Lineage,
    ReportFormat,
)


@dataclass(frozen=True)
class Parameter:
    """A parameter in the path, the query or a header."""

    name: str
    where: str
    description: str
    type: str = "string"
    choices: tuple[str, ...] = ()
    default: str | int | None = None


@dataclass(frozen=True)
class Reply:
    """A successful reply: its meaning, and for each media type the model of its body (None: bytes or text)."""

    description: str
    content: tuple[tuple[str, type[BaseModel] | None], ...] = ()


@dataclass(frozen=True)
class Operation:
    """One method at one path. `errors` are the statuses of its problem details."""

    method: str
    path: str
    name: str
    tag: str
    summary: str
    description: str
    replies: tuple[tuple[int, Reply], ...]
    parameters: tuple[Parameter, ...] = ()
    bodies: tuple[tuple[str, type[BaseModel]], ...] = ()
    errors: tuple[int, ...] = ()


JSON, SSE = "application/json", "text/event-stream"
_ID = Parameter("analysis_id", "path", "The analysis' id.")
_AGENT = Parameter("name", "path", "The agent's name.")
_PREFER = Parameter(
    "Prefer",
    "header",
    "`respond-async`: answer 202 at once. `wait=N`: answer 202 after N seconds if it is not finished.",
)
_ANALYZE_BODIES = ((JSON, AnalyzeRequest), ("multipart/form-data", AnalyzeForm))
_ANSWERS = (
    (
        200,
        Reply(
            "The finished analysis; or its events as they happen, ending with one named `result`.",
            ((JSON, Analysis), (SSE, ProgressEvent)),
        ),
    ),
    (202, Reply("Accepted; it goes on by itself. Location is where to look.", ((JSON, Accepted),))),
)
_INPUT_ERRORS = (400, 403, 404, 413, 415, 422, 503, 504)

OPERATIONS = (
    Operation(
        "POST",
        "/analyze",
        "analyze",
        "Analyses",
        "Ask a question about data",
        "Waits for the answer unless told otherwise; with `Accept: text/event-stream` streams the events and then one "
        "named `result`. Closing the connection does not cancel the analysis. A failed "
        "analysis is answered as problem details with the analysis in `analysis`.",
        _ANSWERS,
        (_PREFER,),
        _ANALYZE_BODIES,
        (*_INPUT_ERRORS[:4], 409, *_INPUT_ERRORS[4:]),
    ),
    Operation(
        "POST",
        "/plan",
        "plan",
        "Analyses",
        "See the plan without running it",
        "Takes what /analyze takes. Every step says why it is there and how well its skill fits.",
        ((200, Reply("The validated plan.", ((JSON, Plan),))),),
        (),
        _ANALYZE_BODIES,
        _INPUT_ERRORS,
    ),
    Operation(
        "GET",
        "/analyses",
        "listAnalyses",
        "Analyses",
        "List analyses",
        "Newest first, in pages.",
        ((200, Reply("A page.", ((JSON, AnalysisPage),))),),
        (
            Parameter("limit", "query", "How many, 1 to 200.", "integer", default=50),
            Parameter("cursor", "query", "`next_cursor` of the page before."),
            Parameter("session_id", "query", "Only those of one session."),
        ),
        (),
        (400, 503),
    ),
    Operation(
        "GET",
        "/analyses/{analysis_id}",
        "getAnalysis",
        "Analyses",
        "Get one analysis",
        "As it stands, finished or not.",
        ((200, Reply("The analysis.", ((JSON, Analysis),))),),
        (_ID,),
        (),
        (404, 503),
    ),
    Operation(
        "DELETE",
        "/analyses/{analysis_id}",
        "cancelAnalysis",
        "Analyses",
        "Cancel an analysis",
        "Stops it everywhere, also a model being trained. What was finished stays.",
        (
            (200, Reply("It is cancelled.", ((JSON, Cancellation),))),
            (202, Reply("It is being cancelled.", ((JSON, Cancellation),))),
        ),
        (_ID,),
        (),
        (404, 409, 503),
    ),
    Operation(
        "GET",
        "/analyses/{analysis_id}/events",
        "followAnalysis",
        "Analyses",
        "Follow the events",
        "Server-sent events without gap: `id` is the sequence number, `data` a progress event. The stream ends after "
        "the event whose `final` is true. The same is at `ws://…/ws/analyses/{analysis_id}?after=SEQ` as a WebSocket.",
        (
            (200, Reply("The events.", ((SSE, ProgressEvent),))),
            (204, Reply("The analysis is finished, and nothing came after the given position.")),
        ),
        (
            _ID,
            Parameter("after", "query", "Only events with a greater sequence number.", "integer", default=0),
            Parameter(
                "Last-Event-ID", "header", "The same, as browsers send it when they reconnect.", "integer"
            ),
        ),
        (),
        (400, 404, 503),
    ),
    Operation(
        "GET",
        "/analyses/{analysis_id}/report",
        "getReport",
        "Analyses",
        "Read the report",
        "A page with charts, or the same as Markdown, as JSON with the source of every number, as a Jupyter notebook, "
        "the forecast as CSV, or all of it as ZIP.",
        (
            (
                200,
                Reply(
                    "The report.",
                    (
                        ("text/html", None),
                        ("text/markdown", None),
                        (JSON, None),
                        ("application/x-ipynb+json", None),
                        ("text/csv", None),
                        ("application/zip", None),
                    ),
                ),
            ),
        ),
        (
            _ID,
            Parameter("format", "query", "Which form.", choices=get_args(ReportFormat), default="html"),
        ),
        (),
        (400, 404, 409, 503),
    ),
    Operation(
        "GET",
        "/analyses/{analysis_id}/lineage",
        "getLineage",
        "Analyses",
        "See the lineage",
        "Which step made what from what.",
        ((200, Reply("A graph.", ((JSON, Lineage),))),),
        (_ID,),
        (),
        (404, 503),
    ),
    Operation(
        "POST",
        "/analyses/{analysis_id}/messages",
        "followUp",
        "Analyses",
        "Ask a follow-up question",
        "A new analysis on the same data, in the same session. Answers like /analyze.",
        _ANSWERS,
        (_ID, _PREFER),
        ((JSON, FollowUp),),
        (400, 404, 409, 413, 415, 422, 503, 504),
    ),
    Operation(
        "GET",
        "/agents",
        "listAgents",
        "Agents",
        "List the agents",
        "All that are registered, with skills and state.",
        ((200, Reply("The agents.", ((JSON, AgentList),))),),
        (),
        (),
        (503,),
    ),
    Operation(
        "POST",
        "/agents",
        "registerAgent",
        "Agents",
        "Register an agent",
        "Any A2A agent: its card is read from the address, and its skills take part from the next plan on.",
        ((201, Reply("Registered.", ((JSON, AgentView),))),),
        (),
        ((JSON, AgentAddress),),
        (400, 413, 415, 422, 503),
    ),
    Operation(
        "GET",
        "/agents/{name}",
        "getAgent",
        "Agents",
        "Get one agent",
        "Its skills, state and instances.",
        ((200, Reply("The agent.", ((JSON, AgentView),))),),
        (_AGENT,),
        (),
        (404, 503),
    ),
    Operation(
        "DELETE",
        "/agents/{name}",
        "removeAgent",
        "Agents",
        "Remove an agent",
        "It takes part in no further plan.",
        ((204, Reply("Removed.")),),
        (_AGENT,),
        (),
        (404, 503),
    ),
    Operation(
        "GET",
        "/files/{sha256}/{name}",
        "getFile",
        "Files",
        "Get a stored file",
        "Charts, models, notebooks and datasets, by checksum. Ranges are served.",
        (
            (200, Reply("The file.", (("application/octet-stream", None),))),
            (206, Reply("The requested range.", (("application/octet-stream", None),))),
        ),
        (
            Parameter("sha256", "path", "The file's SHA-256 in hex."),
            Parameter("name", "path", "The name to save it under."),
            Parameter("Range", "header", "Which bytes."),
        ),
        (),
        (404, 503),
    ),
    Operation(
        "GET",
        "/.well-known/ai-catalog.json",
        "getCatalog",
        "Discovery",
        "The catalogue of agents",
        "An AI Catalog 1.0 document with one entry per agent, from the registry.",
        ((200, Reply("The catalogue.", (("application/ai-catalog+json", None),))),),
        (),
        (),
        (503,),
    ),
    Operation(
        "GET",
        "/assets/plotly.min.js",
        "getPlotly",
        "Discovery",
        "The charts' script",
        "The copy of plotly.js that all reports share.",
        ((200, Reply("The script.", (("text/javascript", None),))),),
    ),
    Operation(
        "GET",
        "/openapi.json",
        "getOpenApi",
        "Discovery",
        "This document",
        "OpenAPI 3.1.",
        ((200, Reply("The document.", ((JSON, None),))),),
    ),
    Operation(
        "GET",
        "/docs",
        "getDocs",
        "Discovery",
        "The documentation page",
        "This document for people.",
        ((200, Reply("A page.", (("text/html", None),))),),
    ),
    Operation(
        "GET",
        "/",
        "getStart",
        "Discovery",
        "The start page",
        "A page for browsers, links for programs. POST to the same address is A2A JSON-RPC.",
        ((200, Reply("A page or links.", (("text/html", None), (JSON, None)))),),
    ),
)

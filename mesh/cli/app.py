"""The commands and their options. What they do is imported when they run: `mesh --help` stays quick."""

import os
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="An agent mesh for data analysis: ask a question about a file, get a checked answer.",
    invoke_without_command=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
agents = typer.Typer(help="The agents that the mesh knows.", invoke_without_command=True)
connections = typer.Typer(
    help="The databases, APIs, buckets and streams that have a name.", invoke_without_command=True
)
app.add_typer(agents, name="agents")
app.add_typer(connections, name="connections")

Home = Annotated[
    Path | None,
    typer.Option("--home", help="Folder that holds all state (MESH_HOME).", show_default="./.mesh"),
]
Url = Annotated[
    str | None, typer.Option("--url", help="Address of the gateway.", show_default="http://127.0.0.1:8000")
]


@app.callback()
@agents.callback()
@connections.callback()
def without_command(context: typer.Context) -> None:
    """Show the help when no command is named."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit


@app.command()
def up(home: Home = None) -> None:
    """Start the mesh and keep it running in the foreground; Ctrl-C stops it."""
    _use_home(home)
    from . import lifecycle

    raise typer.Exit(lifecycle.up())


@app.command()
def serve(
    name: Annotated[str, typer.Argument(help="A service, or a folder with card.json and executor.py.")],
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port, instead of the card's.")] = None,
    home: Home = None,
) -> None:
    """Run one service alone, in the foreground."""
    _use_home(home)
    from . import lifecycle

    lifecycle.serve(name, port)


@app.command()
def analyze(
    question: Annotated[
        str, typer.Argument(help="In English or Korean; the answer is in the same language.")
    ],
    data: Annotated[
        list[str] | None,
        typer.Option(
            "--data",
            "-d",
            help="A file here, a file name the mesh knows, or a URL; again for each further one.",
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the Analysis as JSON and nothing else.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Save report, charts, notebook and analysis.json here.")
    ] = None,
    url: Url = None,
) -> None:
    """Ask a question about data, watch the mesh work, and read the answer."""
    from . import analyze as command

    raise typer.Exit(command.analyze(question, data or [], as_json=as_json, out=out, url=url))


@app.command()
def status(
    home: Home = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Show state, process, port and latency of every service; exit 1 unless all are ready."""
    _use_home(home)
    from . import status as command

    raise typer.Exit(command.status(as_json=as_json))


@app.command()
def down(home: Home = None) -> None:
    """Stop the mesh that runs on this MESH_HOME."""
    _use_home(home)
    from . import lifecycle

    lifecycle.down()


@app.command()
def demo(
    home: Home = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", help="Where the report is saved.", show_default="MESH_HOME/reports/ANALYSIS"
        ),
    ] = None,
) -> None:
    """Start a mesh, analyse the bundled sales data, show the answer, and stop the mesh."""
    _use_home(home)
    from . import demo as command

    raise typer.Exit(command.demo(out))


@agents.command("list")
def agents_list(
    url: Url = None, as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False
) -> None:
    """List every agent with its state and skills."""
    from . import agents as command

    command.list_agents(url, as_json=as_json)


@agents.command("show")
def agents_show(
    name: str,
    url: Url = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Show one agent: its instances, and its skills with what they take and give."""
    from . import agents as command

    command.show_agent(name, url, as_json=as_json)


@agents.command("add")
def agents_add(agent_url: Annotated[str, typer.Argument(metavar="URL")], url: Url = None) -> None:
    """Register the agent whose card is at URL."""
    from . import agents as command

    command.add_agent(agent_url, url)


@agents.command("remove")
def agents_remove(name: str, url: Url = None) -> None:
    """Forget an agent: the next plan does without it."""
    from . import agents as command

    command.remove_agent(name, url)


@connections.command("list")
def connections_list(
    home: Home = None, as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False
) -> None:
    """List every connection with its kind and place, and the variables that are not set."""
    _use_home(home)
    from . import connections as command

    command.list_connections(as_json=as_json)


@connections.command("test")
def connections_test(name: str, home: Home = None) -> None:
    """Have the running mesh connect to a place, and list what is there."""
    _use_home(home)
    from . import connections as command

    command.try_connection(name)


def _use_home(home: Path | None) -> None:
    if home is not None:
        os.environ["MESH_HOME"] = str(home)

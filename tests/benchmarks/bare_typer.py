"""What Typer itself takes to start: a program of two commands with two options each."""

from __future__ import annotations

import typer

app = typer.Typer()


@app.command()
def draw(level: int, period: str = typer.Option("2018-Q2", help="The period."), quiet: bool = False) -> None:
    """Draw a level."""
    print(level, period, quiet)


@app.command()
def status(workspace: str = typer.Option(".", help="The workspace."), quiet: bool = False) -> None:
    """Tell what is due."""
    print(workspace, quiet)


@app.callback(invoke_without_command=True)
def main(version: bool = typer.Option(False, "--version", help="Show the version.", is_eager=True)) -> None:
    """Do nothing much."""
    if version:
        print("0.1")
        raise typer.Exit


if __name__ == "__main__":
    app(prog_name="bare")

"""Completion of commands and options in the shells, as Typer makes it."""

from __future__ import annotations

import typer
from typer._completion_classes import completion_init
from typer._completion_shared import get_completion_script, install

from tilsyn.base.language import say

_PROGRAM, _VARIABLE = "tilsyn", "_TILSYN_COMPLETE"
# Zsh reads the script when Tab is pressed first; without this, that one is lost.
_ZSH_AT_ONCE = '\n[[ $zsh_eval_context[-1] == loadautofunc ]] && _tilsyn_completion "$@"\n'

# What the shells ask by, and the form in which each wants its answers.
completion_init()


def install_completion(shell: str | None) -> None:
    """Install completion for a shell, and say where."""
    if shell is not None:
        _, path = install(shell, _PROGRAM, _VARIABLE)
        path.write_text(_script(shell) + "\n", encoding="utf-8")
        typer.echo(say("completion.installed", path=path))
        raise typer.Exit


def show_completion(shell: str | None) -> None:
    """Print what a shell needs, for those who install it themselves."""
    if shell is not None:
        typer.echo(_script(shell))
        raise typer.Exit


def _script(shell: str) -> str:
    script = get_completion_script(prog_name=_PROGRAM, complete_var=_VARIABLE, shell=shell)
    return script + (_ZSH_AT_ONCE if shell == "zsh" else "")

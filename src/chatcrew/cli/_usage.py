"""What is wrong with a command line, in the reader's language; the framework speaks English."""

import re
import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import typer
from typer.core import TyperGroup

_SENTENCES = (
    (r"Missing (argument|parameter)\b[^']*'(?P<a>[^']*)'.*", "falta o argumento {a}"),
    (r"Missing option '(?P<a>[^']*)'.*", "falta a opção {a}"),
    (r"No such command '(?P<a>[^']*)'\.(?P<b>.*)", "o comando {a!r} não existe{b}"),
    (r"No such option: (?P<a>\S+)(?P<b>.*)", "a opção {a} não existe{b}"),
    (r"Option '(?P<a>[^']*)' requires an argument\.", "a opção {a} pede um valor"),
    (r"Option '(?P<a>[^']*)' requires (?P<b>\d+) arguments\.", "a opção {a} pede {b} valores"),
    (r"Option '(?P<a>[^']*)' does not take a value\.", "a opção {a} não leva valor"),
    (r"Got unexpected extra argument(?:s|\(s\))? \((?P<a>.*)\)", "sobra na linha de comando: {a}"),
    (r"Missing command\.", "falta o comando"),
    (r"Invalid value for (?P<a>.*?): (?P<b>.*)", "valor inválido para {a}: {b}"),
    (r"Invalid value: (?P<b>.*)", "valor inválido: {b}"),
)
_VALUES = (
    (r"Input should be a valid integer\b.*", "não é um número inteiro"),
    (r"Input should be a valid number\b.*", "não é um número"),
    (r"Input should be a valid boolean\b.*", "não é sim nem não"),
    (r"Input should be greater than or equal to (?P<a>\S+)", "tem de ser {a} ou mais"),
    (r"Input should be less than or equal to (?P<a>\S+)", "tem de ser {a} ou menos"),
    (r" ?\(Possible options?: (?P<a>.*)\)", "; será {a}?"),
    (r" ?Did you mean (?P<a>.*)\?", "; será {a}?"),
)


class Program(TyperGroup):
    """The whole command line: what is wrong with it is said as everything else is."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a command line; see ``click.Command.main``."""
        words = list(sys.argv[1:] if args is None else args)
        extra["windows_expand_args"] = windows_expand_args
        if not standalone_mode or language_in(words) == "en":
            return super().main(args, prog_name, complete_var, standalone_mode, **extra)
        try:
            ended = super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
        except typer.TyperException as error:
            _say(error)
            sys.exit(error.exit_code)
        except typer.Abort:
            typer.echo("Interrompido.", err=True)
            sys.exit(1)
        sys.exit(ended if isinstance(ended, int) else 0)


def _say(error: typer.TyperException) -> None:
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        return  # the help has been printed, and is all there is to say of a group alone
    typer.echo(f"Erro: {portuguese(error.format_message())}", err=True)
    if context is not None:
        typer.echo(f"Ajuda: {context.command_path} --help", err=True)


def language_in(words: Sequence[str]) -> str:
    """Return the language that a command line asks for, even one that is wrong elsewhere."""
    for here, following in pairwise([*words, ""]):
        if here == "--lang=en" or (here == "--lang" and following == "en"):
            return "en"
    return "pt-BR"


def portuguese(message: str) -> str:
    """Return one of the framework's English sentences in Portuguese; an unknown one as it is."""
    for pattern, said in _SENTENCES:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found is not None:
            parts = found.groupdict()
            if "b" in parts:
                parts["b"] = _value(parts["b"])
            return said.format(**parts)
    return message


def _value(message: str) -> str:
    for pattern, said in _VALUES:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found is not None:
            return said.format(**found.groupdict())
    return message

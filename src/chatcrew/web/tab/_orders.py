"""What the tab's buttons order: a closed list, each as the command that a note would say."""

import re
from collections.abc import Callable, Mapping

_LONGEST = 1000
_TURN = re.compile(r"[0-9a-f-]{36}")
_FACT = re.compile(r"[1-9][0-9]{0,17}")
_TIMES = frozenset({"1h", "4h", "1d"})

_Form = Mapping[str, str]


def command_of(form: _Form) -> str | None:
    """Return the command of a pressed button, or None for what no button of ours sends."""
    make = _BUTTONS.get(form.get("order", ""))
    return make(form) if make is not None else None


def _words(form: _Form) -> str:
    """Return what was typed, on one line and without what would end a quotation."""
    return " ".join(form.get("words", "").replace('"', "”").split())[:_LONGEST]


def _pause(form: _Form) -> str | None:
    wanted = form.get("for", "")
    if not wanted:
        return "/bot parar"
    return f"/bot pausar {wanted}" if wanted in _TIMES else None


def _forget(form: _Form) -> str | None:
    fact = form.get("fact", "")
    return f"/bot esquecer {fact}" if _FACT.fullmatch(fact) else None


def _edit(form: _Form) -> str | None:
    fact, words = form.get("fact", ""), _words(form)
    return f"/bot memória {fact} {words}" if _FACT.fullmatch(fact) and words else None


def _verdict(form: _Form) -> str | None:
    turn, good = form.get("turn", ""), form.get("good", "")
    if not _TURN.fullmatch(turn) or good not in ("yes", "no"):
        return None
    return f"/bot avaliar {'bom' if good == 'yes' else 'ruim'} {turn}"


def _correct(form: _Form) -> str | None:
    words = _words(form)
    return f'/bot corrigir "{words}"' if words else None


_BUTTONS: Mapping[str, Callable[[_Form], str | None]] = {
    "pause": _pause,
    "resume": lambda form: "/bot voltar",
    "take-over": lambda form: "/bot assumir",
    "hand-back": lambda form: "/bot devolver",
    "draft": lambda form: "/bot rascunho",
    "forget": _forget,
    "forget-all": lambda form: "/bot esquecer tudo",
    "edit": _edit,
    "verdict": _verdict,
    "correct": _correct,
}

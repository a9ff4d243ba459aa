"""CPF, CNPJ and CEP: the numbers of Brazilian people, companies and streets."""

import re
from collections.abc import Iterator
from typing import Final

import validate_docbr

from chatcrew.privacy._found import Found

# Alone on both sides: not a piece of a longer number, a word or a link.
_BEFORE: Final = r"(?<![\w.,/@+-])"
_AFTER: Final = r"(?![\w@]|[.,/-]\w)"

_CPF = re.compile(rf"{_BEFORE}\d{{3}}([. ]?)\d{{3}}([. ]?)\d{{3}}([-. ]?)\d{{2}}{_AFTER}")
_CNPJ = re.compile(
    rf"{_BEFORE}[a-z\d]{{2}}[. ]?[a-z\d]{{3}}[. ]?[a-z\d]{{3}}(/?)[a-z\d]{{4}}[- ]?\d{{2}}{_AFTER}"
)
_CEP = re.compile(rf"{_BEFORE}\d{{2}}\.?\d{{3}}(-?)\d{{3}}{_AFTER}")
_SAID_CPF = re.compile(r"\bcpf\W{0,3}(?:\w{1,10}\W{1,3}){0,3}$")
_SAID_CNPJ = re.compile(r"\bcnpj\W{0,3}(?:\w{1,10}\W{1,3}){0,3}$")
_SAID_CEP = re.compile(r"\bcep\W{0,3}(?:\w{1,10}\W{1,3}){0,3}$")
_LOOK_BACK: Final = 40

_LOWEST_CEP: Final = "01000000"

_PERSON: Final = validate_docbr.CPF()
_COMPANY: Final = validate_docbr.CNPJ()


def is_cpf(digits: str) -> bool:
    """Return whether 11 digits are a CPF: its check digits agree, and not all digits are one.

    Shape first: validate-docbr fills a shorter text with zeros and passes over marks.
    """
    return re.fullmatch(r"[0-9]{11}", digits) is not None and _PERSON.validate(digits)


def is_cnpj(text: str) -> bool:
    """Return whether 14 characters are a CNPJ, numeric or, since July 2026, alphanumeric.

    validate-docbr knows both (Receita Federal, IN RFB 2.229/2024). Shape first: it would take small
    letters and digits of other scripts too.
    """
    return re.fullmatch(r"[0-9A-Z]{12}[0-9]{2}", text) is not None and _COMPANY.validate(text)


def cpfs(text: str) -> Iterator[Found]:
    """Yield what is written as a CPF, or as 11 digits; these may be a telephone too."""
    for found in _CPF.finditer(text):
        digits = re.sub(r"\D", "", found.group())
        written = any("." in part or "-" in part for part in found.groups())
        told = written or _said(_SAID_CPF, text, found.start())
        yield Found("cpf", digits, *found.span(), valid=is_cpf(digits), told=told)


def cnpjs(text: str) -> Iterator[Found]:
    """Yield what is written as a CNPJ; letters count only where its shape or its name is there."""
    for found in _CNPJ.finditer(text):
        plain = re.sub(r"[^a-z\d]", "", found.group()).upper()
        told = bool(found[1]) or _said(_SAID_CNPJ, text, found.start())
        if told or plain.isdigit():
            yield Found("cnpj", plain, *found.span(), valid=is_cnpj(plain), told=told)


def ceps(text: str) -> Iterator[Found]:
    """Yield postal codes: ``01310-100``, or 8 digits after the word (Correios: 01000-000 on)."""
    for found in _CEP.finditer(text):
        said = _said(_SAID_CEP, text, found.start())
        if found[1] or said:
            digits = re.sub(r"\D", "", found.group())
            yield Found("cep", digits, *found.span(), valid=digits >= _LOWEST_CEP, told=said)


def _said(word: re.Pattern[str], text: str, start: int) -> bool:
    return word.search(text[max(0, start - _LOOK_BACK) : start]) is not None

"""Whatever a model writes: no word gets lost, no bubble is too long, nothing whole is cut."""

import re

from hypothesis import example, given
from hypothesis import strategies as st

from chatcrew.hub.shaping import for_channel, micro, shape, split
from chatcrew.messages import Timing
from chatcrew.tenancy.model import Capabilities, Crew, Delivery

PIX = (
    "00020126360014br.gov.bcb.pix0114+55119999999995204000053039865802BR"
    "5913FULANO DE TAL6009SAO PAULO62070503***63041D3D"
)
WHOLE = (
    PIX,
    "https://agenda.example.com/a_b_c?dia=2026-12-01&x=*1*",
    "R$ 1.250,00",
    "(81) 99999-0000",
    "vendas_da_loja@example.com",
    "nº 10.000",
    "Dr. João",
)

WORDS = ("consulta", "às", "oito", "horas,", "e", "Maria;", "pagou?", "não!", "Sra.", "10.000")
words = st.sampled_from(WORDS)
lines = st.lists(words, min_size=1, max_size=25).map(" ".join)
MARKED = ("{}", "**{}**", "_{}_", "~~{}~~", "`{}`", "# {}", "> {}", "- {}", "1. {}", "  - {}")
marked = st.builds(lambda mark, line: mark.format(line), st.sampled_from(MARKED), lines)
tables = st.lists(lines, min_size=4, max_size=4).map(
    lambda cells: "\n| {} | {} |\n|---|---|\n| {} | {} |\n".format(*cells)
)
documents = st.lists(
    st.one_of(marked, tables, st.just(""), st.builds("```\n{}\n```".format, lines)),
    min_size=1,
    max_size=12,
).map("\n".join)
mixed = st.lists(st.one_of(words, words, words, st.sampled_from(WHOLE)), max_size=80).map(" ".join)
markups = st.sampled_from(["whatsapp", "telegram", "plain"])


def spoken(text: str) -> list[str]:
    """Return the words of a text; the numbers of a list are its marks."""
    return re.findall(r"[^\W\d_]+|10\.000", text)


@given(documents, markups)
def test_no_word_gets_lost_and_none_is_invented(text: str, markup: str) -> None:
    """Marks change, the words and their order stay, in any nesting of Markdown (contract §7)."""
    assert spoken(for_channel(text, markup)) == spoken(text)


@given(st.text(alphabet="ab*_`~[]()<>#|-\\!&;:1. \n", max_size=200), markups)
def test_no_letter_gets_lost_in_any_tangle_of_marks(text: str, markup: str) -> None:
    """However wrong the Markdown is; only tags go, and the entity of a sign becomes the sign."""
    shown = for_channel(text, markup)
    assert len(re.findall("[ab]", shown)) >= len(
        re.findall("[ab]", re.sub(r"<[^>]*>|&\w+;", "", text))
    )


@given(
    st.one_of(mixed, documents, st.text(max_size=800)),
    st.integers(min_value=50, max_value=600),
    st.integers(min_value=40, max_value=300),
    st.integers(min_value=1, max_value=6),
)
def test_bubbles_together_are_the_text_and_none_is_too_long(
    text: str, limit: int, length: int, bubbles: int
) -> None:
    """Nothing but white space goes at a cut, and the channel's limit is hard (S2-12)."""
    found = micro(text, max_chars=limit, length=length, bubbles=bubbles)

    assert all(0 < len(one) <= limit and one == one.strip() for one in found)
    rest = text
    for one in found:
        rest = rest.lstrip()
        assert rest.startswith(one)
        rest = rest[len(one) :]
    assert not rest.strip()


@example(f"{PIX} consulta {PIX}", len(PIX), 40)
@example(f"Sra. Dr. João consulta {PIX}", len(PIX), 40)
@given(
    mixed, st.integers(min_value=len(PIX), max_value=400), st.integers(min_value=40, max_value=200)
)
def test_links_codes_and_prices_stay_whole(text: str, limit: int, length: int) -> None:
    """As often as each stands in the text, it stands whole in one of the bubbles."""
    for found in (
        micro(text, max_chars=limit, length=length, bubbles=3),
        split(text, max_chars=limit),
    ):
        for whole in WHOLE:
            if not re.search(rf"{re.escape(whole)}\W*\d", text):
                assert sum(one.count(whole) for one in found) == text.count(whole)


@given(mixed)
def test_a_code_to_copy_never_has_company(text: str) -> None:
    """Only punctuation that touches it may stand with it."""
    for one in micro(text, max_chars=4096, length=120, bubbles=4):
        assert PIX not in one or one == PIX or one.replace(PIX, "").strip() == ""


@given(
    st.one_of(mixed, documents),
    st.lists(st.text(min_size=1, max_size=40).filter(str.strip), max_size=12),
    st.sampled_from(["whatsapp", "sms", "web_widget", "instagram"]),
    st.integers(min_value=0, max_value=10),
)
def test_options_are_tapped_whole_or_written_and_the_limit_holds(
    text: str, options: list[str], channel: str, most: int
) -> None:
    """Titles are never cut, only the last bubble has them, and only later bubbles wait (S1-39)."""
    shown = Capabilities(max_chars=320, markup="plain", max_buttons=most, button_text=160)
    crew = Crew(
        *(channel, channel, "support", "sequential", "auto", (), ()),
        capabilities=shown,
        timing=Timing(),
        delivery=Delivery(delay=5.0),
    )
    found = shape(text, options, crew)

    assert all(len(one.text) <= 320 for one in found)
    assert all(not one.options for one in found[:-1])
    assert all(0.0 < one.pause <= 6.0 for one in found[1:])
    assert all(one.pause == 0.0 for one in found[:1])
    if found and found[-1].options:
        assert found[-1].options == tuple(options)
        assert len(options) <= most
        assert all(len(title) <= 20 for title in options)
        assert len(found[-1].text) <= 160
    elif found and options:
        said = "".join("".join(one.text for one in found).split())
        assert all("".join(title.split()) in said for title in options)

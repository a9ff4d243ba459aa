"""The looking at pages itself: what it has to notice, or figures would go unwatched (S3-101)."""

import pytest
from tests.contract.recount.comparing import faults
from tests.contract.recount.facts import Counted
from tests.contract.recount.rendered import Rendered, Sentences

WORDS = {
    "fig.cost.note": "{count} sessions",
    "overview.owed": "{count} customers wait",
    "fig.days": "not back in 7 days",
}
PAGE = """
<nav>12 pages</nav><main>
<form>30 days</form>
<div class="stat"><dt>not back in 7 days</dt>
<dd data-figure="cost" data-value="1234.5">US$ 1,234.50</dd>
<dd class="note">12 sessions</dd></div>
<section data-sheet="days"><table><tr><th>Day</th><th>Cost</th></tr>
<tr><th data-value="a">a<progress max="4" value="2"></progress></th><td data-value="2">2</td></tr>
<tr><th data-value="b">b<progress max="4" value="4"></progress></th><td data-value="4">4</td></tr>
</table></section><p>{more}</p></main>
"""


def wanted() -> Counted:
    """Return what the page should show."""
    page = Counted(told={"cost": (1234.5, "money")})
    page.sheets["days"] = ("name count", [("a", 2), ("b", 4)])
    page.says("fig.cost.note", count=(12, "count"))
    return page


def found(html: str) -> list[str]:
    """Return what is wrong with a page."""
    page, sentences = Rendered(html), Sentences(WORDS)
    return faults(page, wanted(), sentences=sentences, lang="en", zone="UTC")


def test_a_page_that_shows_what_was_recomputed_is_without_fault() -> None:
    """What is chosen, what stands around the page, and numbers of the wording are no figures."""
    assert found(PAGE.replace("{more}", "not back in 7 days")) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('data-value="1234.5"', 'data-value="1234.51"'),
        ("US$ 1,234.50", "US$ 1.234,50"),
        ("12 sessions", "13 sessions"),
        ('data-value="2">2<', 'data-value="2">3<'),
        ('data-value="4">4<', 'data-value="5">5<'),
        ('max="4" value="2"', 'max="4" value="3"'),
        ("</table>", '<tr><th data-value="c">c</th><td data-value="0">0</td></tr></table>'),
        ("</tr>\n</table>", '<td data-value="9">9</td></tr>\n</table>'),
        ("<section", '<dd data-told="new" data-value="1">1</dd><section'),
        ("</section>", '</section><ol data-sheet="new"><li><b data-value="x">x</b></li></ol>'),
        ("{more}", "3 customers wait"),
    ],
)
def test_a_figure_that_is_wrong_or_that_nobody_recomputes_is_a_fault(right, wrong) -> None:
    """Value, wording, sentence, row, cell, bar, a figure or a table or a sentence more or less."""
    assert right in PAGE
    assert found(PAGE.replace(right, wrong)) != []


@pytest.mark.parametrize("more", ["9", "US$ 9.00 saved", "12 sessions saved"])
def test_a_bare_figure_that_no_sentence_explains_is_refused(more: str) -> None:
    """A figure put onto a page without being marked or said cannot be looked at: that is told."""
    with pytest.raises(AssertionError, match="nobody recomputes"):
        found(PAGE.replace("{more}", more))

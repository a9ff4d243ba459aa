"""The pure rules of a conversation's row, under any order of deliveries."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from chatcrew.database.rows import ConversationRow
from chatcrew.mailbox import _rules
from chatcrew.messages import (
    AuthorKind,
    Delivery,
    InputKind,
    Owner,
    OwnerKind,
    Timing,
    Weight,
    clean_json,
    clean_text,
)
from chatcrew.testing import ManualClock
from chatcrew.testing.stores import Talk

OWNERS = st.sampled_from(
    (
        None,
        Owner(OwnerKind.PERSON, 12),
        Owner(OwnerKind.BOT, 7),
        Owner(OwnerKind.OTHER_AI, 3),
    )
)
STATUSES = st.sampled_from(("pending", "open", "snoozed", "resolved"))
STEPS = st.sampled_from(("says", "types", "person", "phone", "template", "echo", "commands"))
FAST = settings(deadline=None, derandomize=True, database=None, max_examples=150)


def make(talk: Talk, step: str) -> Delivery:
    """Make a delivery of one kind."""
    if step == "types":
        return talk.types()
    if step == "echo":
        return talk.echo("Olá!", tag=None)
    delivery: Delivery = getattr(talk, step)("palavras")
    return delivery


def after(talk: Talk, clock: ManualClock, deliveries: list[Delivery]) -> ConversationRow:
    """Apply all at one moment."""
    return made(talk, clock, deliveries)[0]


def made(
    talk: Talk, clock: ManualClock, deliveries: list[Delivery]
) -> tuple[ConversationRow, list[InputKind]]:
    """Apply all at one moment; return the row and every input they made."""
    row, kinds = _rules.new_row(talk.id), []
    for delivery in deliveries:
        applied = _rules.apply(row, delivery, clock.now())
        row, kinds = applied.row, [*kinds, *applied.kinds]
    return row, kinds


@FAST
@given(st.lists(st.tuples(STATUSES, OWNERS), min_size=1, max_size=6), st.randoms())
def test_the_newest_picture_wins_in_any_order(pictures, shuffler):
    """Deliveries come in any order; ``updated_at`` decides (contract §1.6)."""
    clock = ManualClock()
    talk = Talk(clock)
    deliveries = [talk.becomes(status, owner=owner) for status, owner in pictures]
    newest = deliveries[-1].change.snapshot
    shuffler.shuffle(deliveries)
    assert after(talk, clock, deliveries).state.snapshot == newest


@FAST
@given(st.lists(STEPS, max_size=12), st.randoms())
def test_who_said_what_last_does_not_depend_on_the_order(steps, shuffler):
    """Ids decide; so do arrivals not depend on the order, but for what was said too late."""
    clock = ManualClock()
    talk = Talk(clock)
    deliveries = [make(talk, step) for step in steps]
    straight, first = made(talk, clock, deliveries)
    shuffler.shuffle(deliveries)
    mixed, second = made(talk, clock, deliveries)
    late = {id(straight): first, id(mixed): second}

    def facts(row: ConversationRow) -> tuple[object, ...]:
        state = row.state
        last = (state.last_message_id, state.last_customer_id, state.last_public_author)
        return (
            *last,
            row.last_public_id,
            row.last_answer_id,
            row.own_id,
            state.spoke_id,
            state.arrivals - late[id(row)].count(InputKind.TALKOVER),
            state.silence is None,
        )

    assert facts(straight) == facts(mixed)
    waking = sum(step in ("says", "commands") for step in steps)
    assert straight.state.arrivals == waking + first.count(InputKind.TALKOVER)
    spoke = any(step in ("person", "phone") for step in steps)
    assert (straight.state.silence is not None) is spoke


@FAST
@given(st.lists(STEPS, max_size=12), st.randoms())
def test_who_was_late_is_found_in_any_order(steps, shuffler):
    """A talk-over is found exactly where our word is newer than a person's (N4)."""
    clock = ManualClock()
    talk = Talk(clock)
    deliveries = [make(talk, step) for step in steps]
    people = [n for n, step in enumerate(steps) if step in ("person", "phone")]
    late = bool(people) and "echo" in steps[people[0] :]
    shuffler.shuffle(deliveries)
    assert (InputKind.TALKOVER in made(talk, clock, deliveries)[1]) is late


@FAST
@given(
    st.lists(st.tuples(STEPS, st.floats(0, 5)), min_size=1, max_size=20),
    st.floats(0, 2),
    st.floats(0.1, 8),
)
def test_the_due_time_keeps_its_bounds(steps, quiet, max_wait):
    """Never past first + max_wait, never before the newest input; typing only extends."""
    clock_now = ManualClock().now()
    talk = Talk(ManualClock(), timing=Timing(quiet=quiet, max_wait=max_wait))
    row = _rules.new_row(talk.id)
    for step, pause in steps:
        clock_now += timedelta(seconds=pause)
        before = row.state.due_at
        applied = _rules.apply(row, make(talk, step), clock_now)
        row, state = applied.row, applied.row.state
        if applied.kinds:
            assert state.first_at is not None
            latest = state.first_at + timedelta(seconds=max_wait)
            assert state.due_at == min(state.due_at, latest)
            if step == "commands":
                assert state.due_at <= clock_now
        elif step == "types" and before is not None:
            assert (
                before <= state.due_at <= max(before, state.first_at + timedelta(seconds=max_wait))
            )
        else:
            assert state.due_at == before


@FAST
@given(st.lists(st.tuples(STATUSES, OWNERS), max_size=8))
def test_state_alone_wakes_the_worker_only_by_handing_back(pictures):
    """Each wake-up needs a waiting customer and a change back to the bot (design §3)."""
    clock = ManualClock()
    talk = Talk(clock)
    row = _rules.new_row(talk.id)
    row = _rules.apply(row, talk.says("Oi"), clock.now()).row
    row = _rules.settle(_rules.take(row), clock.now(), arrivals=row.state.arrivals)
    assert row.state.due_at is None
    for status, owner in pictures:
        was = row.state.snapshot
        applied = _rules.apply(row, talk.becomes(status, owner=owner), clock.now())
        if applied.kinds:
            assert applied.kinds == (InputKind.HANDBACK,)
            assert status != "resolved"
            bot_came = owner is not None and owner.kind is OwnerKind.BOT and was.owner != owner
            assert bot_came or (status == "pending" and was.status in ("open", "snoozed"))
        row = applied.row
        if row.state.due_at is not None:
            row = _rules.settle(_rules.take(row), clock.now(), arrivals=row.state.arrivals)


@FAST
@given(st.lists(st.tuples(STATUSES, OWNERS), max_size=8))
def test_episodes_count_the_reopenings(pictures):
    """Each first other status after resolved starts one."""
    clock = ManualClock()
    talk = Talk(clock)
    row = after(talk, clock, [talk.becomes(status, owner=owner) for status, owner in pictures])
    statuses = [status for status, _ in pictures]
    pairs = pairwise(statuses)
    reopened = sum(one == "resolved" and two != "resolved" for one, two in pairs)
    assert row.state.episode == 1 + reopened


@FAST
@given(st.integers(0, 5), st.integers(0, 5))
def test_a_settle_clears_exactly_when_nothing_arrived(before, during):
    """The whole of the lost-wake-up rule, as one comparison."""
    clock = ManualClock()
    talk = Talk(clock)
    row = after(talk, clock, [talk.says("a") for _ in range(before)])
    taken = _rules.take(row)
    row = taken
    for _ in range(during):
        row = _rules.apply(row, talk.says("b"), clock.now()).row
    settled = _rules.settle(row, clock.now(), arrivals=taken.taken)
    assert (settled.state.due_at is not None) == (during > 0)
    assert (settled.waiting_since is not None) == (during > 0)
    assert settled.state.attempts == 0


@FAST
@given(st.text(st.characters(codec=None, categories=None), max_size=40))
def test_clean_text_is_always_storable_and_changes_nothing_else(words):
    """U+0000 and lone surrogates go; everything else stays as it was."""
    cleaned = clean_text(words)
    assert "\x00" not in cleaned
    cleaned.encode("utf-8")
    assert clean_text(cleaned) == cleaned
    harmless = all(char != "\x00" and not "\ud800" <= char <= "\udfff" for char in words)
    if harmless:
        assert cleaned == words


def test_clean_json_bounds_depth_and_integers():
    """A signed body may be nested without end; the write must not fail for it."""
    deep: object = "x"
    for _ in range(500):
        deep = [deep]
    cleaned = clean_json({"deep": deep, "big": 2**80, "float": 1.5, "none": None, "yes": True})
    assert cleaned["big"] == str(2**80)
    assert (cleaned["float"], cleaned["none"], cleaned["yes"]) == (1.5, None, True)
    depth = 0
    level = cleaned["deep"]
    while level is not None:
        depth, level = depth + 1, level[0]
    assert depth == 63


def test_an_input_of_any_author_is_a_turn_event_if_the_classifier_says_so():
    """The rules obey the weight; only the kind follows the effect."""
    clock = ManualClock()
    talk = Talk(clock)
    delivery = replace(talk.template("Bem-vindo"), weight=Weight.TURN)
    applied = _rules.apply(_rules.new_row(talk.id), delivery, clock.now())
    assert applied.kinds == (InputKind.MESSAGE,)
    assert applied.row.state.last_public_author is AuthorKind.TEMPLATE

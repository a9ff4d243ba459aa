"""Small worlds in which everything fails: promises hold, planted mistakes are found (N3, N12)."""

import pickle
from collections import Counter

import pytest
from benchmarks import _faults
from benchmarks._bugs import BUGS
from benchmarks._script import Script, Shorter, Step, drawn
from benchmarks._seeds import played
from benchmarks._world import Setting, setting

FOUND = {
    "sends_again": 64,
    "thinks_again": 2,
    "hears_nobody": 7,
    "forgets_the_first": 4,
    "ends_too_early": 0,
    "begins_at_the_end": 1,
}
"""A seed whose script lets each mistake show; found by ``month --faults --bug``."""


ONCE_BROKEN = {
    "a note stood behind a customer's first word, which no webhook had told us of": Script(
        seed=4169,
        steps=(
            Step(1.444, "kill_ingress", amount=40.0),
            Step(4.03, "note"),
            Step(5.201, "says"),
            Step(10.983, "note"),
            Step(14.328, "returns"),
        ),
        shuffle=2.0,
    ),
}
"""Worlds in which a promise was broken until its cause was mended."""


@pytest.fixture(scope="module")
def shared() -> Setting:
    """Give what all worlds share."""
    return setting()


@pytest.fixture(scope="module")
def points(shared: Setting) -> Counter[str]:
    """Give the points of a world in which nothing fails."""
    return _faults.points(shared)


def test_no_promise_is_broken_whatever_fails(shared: Setting, points: Counter[str]) -> None:
    """Each burst has one visible end, in order, and nobody is talked over (N3)."""
    worlds = {seed: _faults.play(shared, drawn(seed, points)) for seed in range(40)}

    assert {seed: one.violations for seed, one in worlds.items() if one.violations} == {}
    ends = sum((one.ends for one in worlds.values()), Counter[str]())
    assert set(ends) >= {"replied", "handed_off", "dropped"}
    assert sum(one.struck for one in worlds.values()) >= 15


@pytest.mark.parametrize("name", sorted(ONCE_BROKEN))
def test_what_once_broke_a_promise_does_so_no_more(shared: Setting, name: str) -> None:
    """The shortest scripts of violations stay, each with what was at fault (N3)."""
    assert _faults.play(shared, ONCE_BROKEN[name]).violations == ()


@pytest.mark.parametrize("name", sorted(BUGS))
def test_a_planted_mistake_is_found_and_made_short(
    shared: Setting, points: Counter[str], name: str
) -> None:
    """What is left over repeats it, and holds without the mistake: nothing can be left out."""
    bug, promise = BUGS[name]
    script = drawn(FOUND[name], points)

    def breaks(one: Script) -> bool:
        return promise in _faults.play(shared, one, bug=bug).kinds

    assert breaks(script)
    short = Shorter(breaks).of(script)
    again = Script.from_json(short.to_json())
    assert short.size < script.size
    assert len(short.steps) + len(short.blows) <= 4
    assert breaks(again)
    assert _faults.play(shared, again).violations == ()


def test_a_process_of_its_own_tells_of_a_world_what_this_one_does(
    shared: Setting, points: Counter[str]
) -> None:
    """What ``--workers`` sends from process to process loses nothing, and keeps its order (N12)."""
    found = list(played(shared, range(7, 9), points, bug="hears_nobody", workers=1))

    assert [seed for seed, _ in found] == [7, 8]
    assert found[0][1].violations
    assert pickle.loads(pickle.dumps(found)) == found


def test_what_is_written_down_is_a_test_that_repeats_it(shared: Setting) -> None:
    """A script goes into a file and out of it unchanged, and the file runs."""
    script = drawn(11, {"worker/outbox.begin:after": 3})
    text = _faults.shown(script, ["silent: one"])
    found: dict[str, object] = {}
    exec(compile(text, "shown", "exec"), found)
    assert Script.from_json(str(found["SCRIPT"])) == script
    first, again = _faults.play(shared, script), _faults.play(shared, script)
    assert first == again

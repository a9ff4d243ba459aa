"""Frames survive any chopping of the stream, and nothing but a FrameError comes out of rubbish."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatcrew.crews._frames import FrameError, Frames, encode

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
frames = st.dictionaries(st.text(max_size=8), json_values, max_size=4)


@given(st.lists(frames, max_size=5), st.lists(st.integers(0, 400), max_size=12))
def test_frames_come_out_as_they_went_in_however_the_stream_is_chopped(sent, cuts):
    """What a pipe delivers in pieces of any length is the same sequence of frames."""
    stream = b"".join(encode(one) for one in sent)
    edges = [0, *sorted(cut for cut in cuts if cut < len(stream)), len(stream)]

    reader = Frames()
    got = [
        frame
        for start, end in itertools.pairwise(edges)
        for frame in reader.feed(stream[start:end])
    ]

    assert got == sent
    assert reader.pending == 0


@given(st.binary(max_size=200))
def test_rubbish_raises_nothing_but_a_frame_error(rubbish):
    """A crew process that lost its mind cannot raise anything unexpected in the worker."""
    reader = Frames(limit=128)
    try:
        got = reader.feed(rubbish)
    except FrameError:
        return

    assert all(isinstance(one, dict) for one in got)
    assert reader.pending <= 128 + 4


@given(st.integers(129, 2**32 - 1))
def test_an_announced_length_over_the_limit_is_refused_before_it_is_read(length):
    """A length prefix cannot make the worker buffer more than one frame's bound."""
    with pytest.raises(FrameError, match="128 are allowed"):
        Frames(limit=128).feed(length.to_bytes(4, "big"))


@given(st.text(min_size=1))
def test_what_can_be_written_is_json_and_within_the_limit(text):
    """A text either fits and comes back, or is refused at the sender, never half sent."""
    try:
        data = encode({"text": text}, limit=64)
    except FrameError:
        return

    assert Frames(limit=64).feed(data) == [{"text": text}]

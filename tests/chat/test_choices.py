import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.choices import LIMIT, decode, encode


@given(st.lists(st.one_of(st.integers(-(10**6), 10**6), st.text(max_size=4)), max_size=3))
def test_what_a_button_says_is_read_back(args: list[int | str]) -> None:
    try:
        data = encode("course", *args)
    except ValueError:
        return
    assert len(data.encode()) <= LIMIT
    assert decode(data) == ("course", [str(a) for a in args])


def test_a_choice_longer_than_64_bytes_is_refused_when_it_is_made() -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        encode("search", "ệ" * 40)


@given(st.text(max_size=70))
def test_forged_bytes_never_break_the_reading(data: str) -> None:
    name, args = decode(data)
    assert isinstance(name, str)
    assert all(isinstance(a, str) for a in args)

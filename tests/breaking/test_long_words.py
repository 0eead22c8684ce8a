"""A word longer than a message never leaves whole, wherever it stands in its line."""

import pytest

from bot.messengers.texts import length, numbered


@pytest.mark.parametrize("text", ["x" * 9000 + " hết", "a " + "x" * 9000 + " hết", "😀" * 4096 + " và hết"])
def test_a_word_longer_than_a_message_is_cut_even_when_others_follow(text: str) -> None:
    parts = numbered(text, 4096)
    assert max(map(length, parts)) <= 4096
    assert parts[-1].endswith("hết")

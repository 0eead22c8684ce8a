from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from bot.messengers.texts import length, numbered, split


def test_a_text_that_fits_stays_whole() -> None:
    assert split("<b>Xin chào</b>", 10) == ["<b>Xin chào</b>"]


def test_five_hundred_names_are_cut_between_lines() -> None:
    names = [f"{n}. Nguyễn Văn <b>An</b> &lt;{n}&gt;" for n in range(500)]
    parts = split("\n".join(names), 4096)
    assert len(parts) > 1
    assert all(length(p) <= 4096 for p in parts)
    assert "\n".join(parts).split("\n") == names


def test_a_cut_falls_between_paragraphs_where_it_can() -> None:
    first, second = "a" * 15, "b" * 8 + "\n" + "c" * 8
    assert split(f"{first}\n\n{second}", 25) == [first, second]


def test_parts_are_numbered_and_one_part_is_not() -> None:
    assert numbered("ngắn", 20) == ["ngắn"]
    parts = numbered("\n\n".join("x" * 10 for _ in range(5)), 24)
    assert [part.split("\n")[0] for part in parts] == [f"{n}/{len(parts)}" for n in range(1, len(parts) + 1)]
    assert all(length(part) <= 24 for part in parts)


def test_4096_emoji_and_more_are_cut() -> None:
    parts = split("😀" * 5000, 4096)
    assert all(length(p) <= 4096 for p in parts)
    assert "".join(parts) == "😀" * 5000


@given(st.text(alphabet="ab <>&\n;😀ệ", max_size=300))
def test_no_part_is_too_long_or_empty(text: str) -> None:
    from html import escape

    parts = split(escape(text), 20)
    assert all(0 < length(p) <= 20 for p in parts) or not text.strip()
    for part in parts:
        parser = HTMLParser()
        parser.feed(part)

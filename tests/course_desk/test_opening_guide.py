import re

from tests.docs.test_guides import BLOCK, WORDS, page, plain

GUIDE = "docs/guide/mo-lop.md"


def test_every_button_of_the_guide_is_worded_so_in_the_templates() -> None:
    buttons = {words.strip() for text in WORDS.values() for words in BLOCK.findall(text)}
    shown = set(re.findall(r"\*\*([^*]+)\*\*", page(GUIDE)))
    assert shown - buttons == {"in đậm"}


def test_every_answer_the_guide_quotes_is_said_in_the_templates() -> None:
    said = " ".join(plain(text).replace("…", "") for text in WORDS.values())
    quoted = re.findall(r"(?<![*\w])\*([^*\n]+)\*(?!\*)", page(GUIDE))
    assert [words for words in quoted if words not in said] == []
    assert len(page(GUIDE).splitlines()) <= 60

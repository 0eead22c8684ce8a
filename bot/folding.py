"""Vietnamese letters made comparable: composed, cleaned, folded. What is searched or matched is not here."""

import re
import unicodedata

_SPACES = re.compile(r"\s+")
_CONTROLS = [*range(9), *range(0x0E, 0x20), *range(0x7F, 0xA0)]  # a NUL is refused by PostgreSQL
_BROKEN = range(0xD800, 0xE000)  # halves of letters that no encoding takes
_UNSEEN = dict.fromkeys([*_CONTROLS, *range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF, *_BROKEN])


def tidy(text: str) -> str:
    """Give `text` composed (NFC), without unseen characters, with single spaces and no outer ones."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text).translate(_UNSEEN)).strip()


def fold(text: str) -> str:
    """Give `text` as it is compared: lower case, no diacritics, đ as d, words of letters and digits only.

    "Luật  Đất-đai" and its decomposed form both become "luat dat dai".
    """
    bare = unicodedata.normalize("NFD", tidy(text).lower()).replace("đ", "d")
    letters = "".join(c if c.isalnum() else " " for c in bare if not unicodedata.combining(c))
    return _SPACES.sub(" ", letters).strip()

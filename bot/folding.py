"""Vietnamese letters made comparable: composed, cleaned, folded. What is searched or matched is not here."""

import re
import unicodedata

_SPACES = re.compile(r"\s+")
_UNSEEN = dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF])


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

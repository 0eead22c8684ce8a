"""Which rows under a header are data; totals, section lines, repeated headers and signatures are told apart here."""

import re
from collections.abc import Sequence

from bot.excel.cells import Cell, shown
from bot.folding import fold

_TOTAL = re.compile(r"(tổng cộng|tong cong|tổng số|cộng|tổng)(?=\s*([:(\d.]|$))|(tổng cộng|tong cong)\b", re.IGNORECASE)
_SECTION = re.compile(r"[IVXLC]{1,6}|[A-H]|Đ", re.IGNORECASE)
_NUMBERING = re.compile(r"\(?(\d{1,2}|[A-Za-z])\)?")
_SIGNED = re.compile(
    r"(nguoi lap|nguoi lap bieu|nguoi lap danh sach|lap bieu|noi nhan( .*)?|(.* )?ngay (\d+ )?thang (\d+ )?nam( \d+)?)"
)
_SIGNED_AFTER_A_GAP = re.compile(
    r"(tm|kt|tl|tuq|q) .*|(chu tich|pho chu tich|thu truong|truong phong|giam doc|hieu truong|chanh van phong"
    r"|xac nhan|nguoi|ky|thu ky|ke toan)( .*)?"
)
_FEW = 3

# Every function below is given the filled cells of one row, from left to right.


def is_total(filled: Sequence[Cell]) -> bool:
    """Tell "Tổng cộng: 9 người": the first words say total, and beside them stand only numbers."""
    words = [cell for cell in filled if isinstance(cell.value, str) and not shown(cell.value).isdecimal()]
    return len(words) == 1 and bool(_TOTAL.match(shown(words[0].value)))


def is_section(filled: Sequence[Cell]) -> bool:
    """Tell a line that only heads the rows under it: "II | Phường Him Lam"."""
    if len(filled) != 2:
        return False
    mark, words = (shown(cell.value) for cell in filled)
    return bool(_SECTION.fullmatch(mark)) and not words.isdecimal()


def is_numbering(filled: Sequence[Cell]) -> bool:
    """Tell the line of column numbers that forms put under the header: (1) (2) (3), or A B 1 2."""
    told = [shown(cell.value) for cell in filled]
    return len(told) >= 3 and len(set(told)) == len(told) and all(_NUMBERING.fullmatch(mark) for mark in told)


def is_repeated_header(filled: Sequence[Cell], header: Sequence[Cell]) -> bool:
    """Tell a header printed again at the top of a page; `header` are the filled cells of the header's first row."""
    if len(filled) < 2 or len(filled) != len(header) or not isinstance(filled[0].value, str):
        return False
    return all(shown(cell.value) == shown(above.value) for cell, above in zip(filled, header, strict=True))


def opens_signatures(filled: Sequence[Cell], *, after_gap: bool) -> bool:
    """Tell the first line of the block where the list is dated and signed; nothing under it is data.

    `after_gap`: a blank or total row stands right above, so a bare title ("CHỦ TỊCH") is enough.
    """
    if not filled or len(filled) > _FEW or not all(isinstance(cell.value, str) for cell in filled):
        return False
    folded = [fold(shown(cell.value)) for cell in filled]
    if shown(filled[0].value).isdecimal():
        return False
    pattern = _SIGNED_AFTER_A_GAP if after_gap else _SIGNED
    return any(pattern.fullmatch(words) or _SIGNED.fullmatch(words) for words in folded)

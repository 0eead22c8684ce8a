"""Numbers in words, as Vietnamese documents write them beside the figure: 1196 is một nghìn một trăm chín mươi sáu."""

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_GROUPS = ("", "nghìn", "triệu", "tỷ")
_AND, _TEN, _TENS = "lẻ", "mười", "mươi"
LARGEST = 10**12 - 1


def in_words(number: int) -> str:
    """Give a whole number from 0 to `LARGEST` in words. Raises ValueError beyond them."""
    if not 0 <= number <= LARGEST:
        raise ValueError(f"{number} has no words here")
    if number == 0:
        return _DIGITS[0]
    groups = [(number // 1000**place % 1000, place) for place in reversed(range(len(_GROUPS)))]
    first = next(place for group, place in groups if group)
    told = [f"{_hundreds(group, whole=place < first)} {_GROUPS[place]}" for group, place in groups if group]
    return " ".join(" ".join(told).split())


def _hundreds(number: int, *, whole: bool) -> str:
    """Give up to three digits in words; `whole` says the hundreds too where they are none."""
    hundred, rest = divmod(number, 100)
    head = [_DIGITS[hundred], "trăm"] if hundred or whole else []
    return " ".join([*head, *_tens(rest, after=bool(head))])


def _tens(number: int, *, after: bool) -> list[str]:
    ten, one = divmod(number, 10)
    if ten == 0:
        return ([_AND] if after else []) + [_DIGITS[one]] if one else []
    head = [_TEN] if ten == 1 else [_DIGITS[ten], _TENS]
    last = {0: "", 1: _DIGITS[1] if ten == 1 else "mốt", 5: "lăm"}.get(one, _DIGITS[one])
    return [*head, last] if last else head

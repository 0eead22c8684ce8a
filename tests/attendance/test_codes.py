import hashlib

from bot.training.attendance_codes import code_in, codes_at, scanned_in


def hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_no_two_sessions_have_the_same_code_in_a_minute() -> None:
    many = range(1, 4001)
    assert len(set(codes_at(many, 100, hashed).values())) == 4000


def test_codes_of_two_minutes_that_count_together_differ() -> None:
    first, second = codes_at(range(1000), 100, hashed), codes_at(range(1000), 101, hashed)
    assert not set(first.values()) & set(second.values())


def test_a_code_has_four_digits_and_changes_each_minute() -> None:
    codes = [codes_at([7], minute, hashed)[7] for minute in range(50)]
    assert all(len(code) == 4 and code.isdigit() for code in codes)
    assert len(set(codes)) > 40


def test_the_order_in_which_sessions_are_named_does_not_matter() -> None:
    assert codes_at([3, 1, 2], 9, hashed) == codes_at([1, 2, 3], 9, hashed)


def test_only_four_digits_alone_are_a_code() -> None:
    assert (code_in("4821"), code_in("4 8 2 1"), code_in("48 21")) == ("4821", "4821", "4821")
    assert not any(map(code_in, ["482", "48211", "48-21", "12/34", "4821 nhé", "٤٨٢١", ""]))


def test_only_the_words_of_our_own_link_are_read() -> None:
    assert scanned_in("d17-0042") == (17, "0042")
    assert not any(map(scanned_in, ["12345678", "d17", "d17-42", "x17-0042", ""]))

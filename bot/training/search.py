"""Finding by a few typed words, without diacritics and with a typo. What is searched comes from each feature."""

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from bot.folding import fold
from bot.store import Reading
from bot.training import class_console, courses, legal

EXACT, BEGINS, TYPO = 3, 2, 1
_LONG = 5  # letters; in a shorter word one letter more or less makes another word …
_SHORT = 3  # … unless two words beside it are found whole


@dataclass(frozen=True)
class Candidate:
    """Something with a title that can be opened by `choice` and its number."""

    title: str
    choice: str
    id: int


async def everything(tx: Reading, person_id: int, now: int, *, desk: bool = False) -> list[Candidate]:
    """Give all that a person may find: courses, then legal updates; at the `desk` of HR every class with its code."""
    found = [Candidate(title, "course", number) for number, title in await courses.titles(tx, person_id, now)]
    if desk:
        seen = (await class_console.listing(tx, person_id, now)).courses
        found = [Candidate(f"{course.code} · {course.title}", "desk_course", course.id) for course in seen]
    return found + [Candidate(title, "law", number) for number, title in await legal.titles(tx, person_id, now)]


def best(query: str, candidates: Iterable[Candidate], *, loose: bool = True) -> list[Candidate]:
    """Give the candidates that `query` finds, the closest first.

    All words must be found in the title, whole or begun; only when that finds nothing, with one typo in each. When
    that finds nothing either and `loose`, two whole words that are half of them will do, so that "tôi muốn học luật
    đất đai" still finds *Luật Đất đai*.
    """
    wanted = fold(query).split()
    if not wanted:
        return []
    scored = [(_qualities(wanted, fold(one.title)), -place, one) for place, one in enumerate(candidates)]
    scored.sort(key=lambda found: (sum(found[0]), found[1]), reverse=True)
    sure = [one for qualities, _, one in scored if min(qualities) >= BEGINS]
    near = sure or [one for qualities, _, one in scored if min(qualities) >= TYPO]
    if near or not loose:
        return near
    halves = [(qualities.count(EXACT), one) for qualities, _, one in scored]
    return [one for whole, one in halves if whole > 1 and whole * 2 >= len(wanted)]


def _qualities(wanted: list[str], title: str) -> list[int]:
    """Give how well each word was found, 0 for not at all."""
    words = title.split()
    found = [max((_quality(one, word) for word in words), default=0) for one in wanted]
    if len(wanted) == 1 and len(wanted[0]) >= _LONG and _in_one_piece(wanted[0], words):
        return [max(found[0], BEGINS)]
    shortest = _SHORT if found.count(EXACT) > 1 else _LONG
    return [quality or max((_typo(one, word, shortest) for word in words), default=0)
            for one, quality in zip(wanted, found, strict=True)]  # fmt: skip


def _in_one_piece(typed: str, words: list[str]) -> bool:
    """Tell whether words that follow one another were typed as one: "luatdatdai"."""
    return any("".join(words[place:]).startswith(typed) for place in range(len(words)))


def _quality(typed: str, word: str) -> int:
    if typed == word:
        return EXACT
    return BEGINS if word.startswith(typed) else 0


def _typo(typed: str, word: str, shortest: int) -> int:
    near = min(len(typed), len(word)) >= shortest and OSA.distance(typed, word, score_cutoff=1) <= 1
    return TYPO if near else 0

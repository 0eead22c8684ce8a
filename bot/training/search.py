"""Finding by a few typed words, without diacritics and with a typo. What is searched comes from each feature."""

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from bot.folding import fold
from bot.store import Reading
from bot.training import courses, legal

EXACT, BEGINS, TYPO = 3, 2, 1
_SURE_LENGTH = 4  # letters; in a shorter word one letter more or less makes another word …
_AMONG_OTHERS = 3  # … unless other words beside it are found too


@dataclass(frozen=True)
class Candidate:
    """Something with a title that can be opened by `choice` and its number."""

    title: str
    choice: str
    id: int


async def everything(tx: Reading, person_id: int, now: int) -> list[Candidate]:
    """Give all that a person may find: courses, then legal updates."""
    found = [Candidate(title, "course", number) for number, title in await courses.titles(tx, person_id, now)]
    return found + [Candidate(title, "law", number) for number, title in await legal.titles(tx, person_id, now)]


def best(query: str, candidates: Iterable[Candidate], *, loose: bool = True) -> list[Candidate]:
    """Give the candidates that `query` finds, the closest first.

    All words must be found in the title, whole, begun or with one typo; when that finds nothing and `loose`, two words
    that are half of them, so that "tôi muốn học luật đất đai" still finds *Luật Đất đai*.
    """
    wanted = fold(query).split()
    if not wanted:
        return []
    scored = [(_score(wanted, fold(c.title)), -place, c) for place, c in enumerate(candidates)]
    ranked = sorted(scored, key=lambda s: (s[0], s[1]), reverse=True)
    whole = [c for (found, _), _, c in ranked if found == len(wanted)]
    if whole or not loose:
        return whole
    return [c for (found, _), _, c in ranked if found > 1 and found * 2 >= len(wanted)]


def _score(wanted: list[str], title: str) -> tuple[int, int]:
    """Give how many words were found, and how well."""
    if len(wanted) == 1 and len(wanted[0]) >= _SURE_LENGTH and wanted[0] in title.replace(" ", ""):
        return 1, EXACT  # typed in one word: "luatdatdai"
    words = title.split()
    sure = _AMONG_OTHERS if len(wanted) > 2 else _SURE_LENGTH
    qualities = [max((_quality(one, word, sure) for word in words), default=0) for one in wanted]
    return sum(q > 0 for q in qualities), sum(qualities)


def _quality(typed: str, word: str, sure: int) -> int:
    if typed == word:
        return EXACT
    if word.startswith(typed):
        return BEGINS
    if min(len(typed), len(word)) >= sure and OSA.distance(typed, word, score_cutoff=1) <= 1:
        return TYPO
    return 0

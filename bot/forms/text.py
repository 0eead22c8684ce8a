"""What a form holds as text, whatever kind of file it is."""

from dataclasses import dataclass, field


@dataclass
class FormText:
    """Its words (one cell or paragraph each), and the code of its formulas and fields."""

    words: list[str] = field(default_factory=list)
    code: list[str] = field(default_factory=list)

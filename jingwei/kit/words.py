"""Finding parts of Chinese texts by trigrams.

PostgreSQL's pg_trgm looks up pieces of three letters; a Chinese word has two. A text whose every letter is written twice has, for each two
letters that stand beside each other, trigrams of its own: 井盖 becomes 井井盖盖, with 井井盖 and 井盖盖. So that words of two letters are found by the index.
"""

import re
import unicodedata
from typing import Any

MOST = 6  # words of one search


def plain_sql(text: str) -> str:
    """The SQL that brings the expression `text` into the form in which it is searched as it stands: one width, small letters."""
    return f"lower(normalize({text}, NFKC))"


def folded_sql(text: str) -> str:
    """The same for the index: each letter twice."""
    return f"regexp_replace({plain_sql(text)}, '(.)', '\\1\\1', 'g')"


def patterns(text: str, *, twice: bool = True) -> list[str]:
    """The LIKE patterns of a search: every word must occur somewhere; at most six words count. `twice`: for a folded text."""
    words = unicodedata.normalize("NFKC", text).lower().split()[:MOST]
    return ["%" + re.sub(r"([\\%_])", r"\\\1", "".join(letter * 2 for letter in word) if twice else word) + "%" for word in words]


def like_all(column: str, text: str, *, twice: bool = True) -> tuple[str, list[Any]]:
    """SQL that is true where the (folded) `column` holds every word of `text`, and its parameters."""
    wanted = patterns(text, twice=twice)
    return " and ".join([f"{column} like %s"] * len(wanted)) or "true", wanted

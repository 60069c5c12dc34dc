"""What a report is likely to be, from what was learnt (`rules/learning.py`): plain arrays in, the likeliest answers with their probability out.

It advises and never decides: a person picks. The arrays are stored as numpy's own format, which holds numbers and text and can't run code.
numpy is imported here when the first question comes.
"""

import io
import re
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

READ = 300  # characters of a text that are read
_PARTS = ("starts", "answers", "more", "base")  # of a table, besides its vocabulary

_WORDS = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]+|[^\W_a-z0-9\u3400-\u9fff]+")


def tokens(text: str) -> list[str]:
    """The words of a text's beginning, each once: of Chinese every character and every two that stand together, of other scripts the words.
    Runs of digits (numbers of houses, telephones, identity cards) are left out."""
    found: dict[str, None] = {}
    for word in _WORDS.findall(text[:READ].lower()):
        if "\u3400" <= word[0] <= "\u9fff":
            found.update(dict.fromkeys(word[i : i + n] for n in (1, 2) for i in range(len(word) - n + 1)))
        elif not word.isdigit():
            found[word[:30]] = None
    return list(found)


def circumstances(*, place: str = "", source: str = "", matter: str = "") -> tuple[str, ...]:
    """What is known besides the words, as tokens: district, street, community; where it came from; the matter and its major class."""
    found = [f"place {place[:n]}" for n in (6, 9, 12) if len(place) >= n]
    if source:
        found.append(f"source {source}")
    if matter:
        found += [f"matter {matter}", f"major {matter[:2]}"]
    return tuple(found)


@dataclass(frozen=True)
class Table:
    """One model, sparse: token n adds `more[k]` for the answer `answers[k]`, k in starts[n]:starts[n+1]; every known token adds `base`."""

    vocabulary: list[str]
    starts: "npt.NDArray[np.int32]"
    answers: "npt.NDArray[np.uint16]"
    more: "npt.NDArray[np.float16]"
    base: "npt.NDArray[np.float32]"

    @classmethod
    def empty(cls, count: int) -> "Table":
        import numpy as np

        return cls([], np.zeros(1, np.int32), np.zeros(0, np.uint16), np.zeros(0, np.float16), np.zeros(count, np.float32))

    @cached_property
    def index(self) -> dict[str, int]:
        return {token: n for n, token in enumerate(self.vocabulary)}

    def view(self, of: Iterable[str]) -> "npt.NDArray[np.float64]":
        """How much the tokens speak for each answer (a log-likelihood, up to what is alike for all). Nothing known: zeros."""
        import numpy as np

        known = [n for token in of if (n := self.index.get(token)) is not None]
        if not known:
            return np.zeros(len(self.base))
        at = np.concatenate([np.arange(self.starts[n], self.starts[n + 1]) for n in known])
        added = np.bincount(self.answers[at], weights=self.more[at], minlength=len(self.base))
        return added + len(known) * self.base.astype(np.float64)


@dataclass(frozen=True)
class Opinion:
    """Two tables (words, circumstances) and how common each answer is (its log), with the weight of each."""

    labels: list[Any]
    common: "npt.NDArray[np.float64]"
    words: Table
    circumstances: Table
    weights: tuple[float, float, float] = field(default=(1.0, 1.0, 1.0))

    def weighed(self, words: float, circumstances: float, common: float) -> "Opinion":
        return replace(self, weights=(words, circumstances, common))

    def views(self, text: str, known: Sequence[str]) -> "npt.NDArray[np.float64]":
        """The three numbers for each answer: by its words, by its circumstances, by how common it is."""
        import numpy as np

        return np.stack([self.words.view(tokens(text)), self.circumstances.view(known), self.common])

    def likeliest(self, text: str, known: Sequence[str] = (), most: int = 3) -> list[tuple[Hashable, float]]:
        """The likeliest answers with their probability, the likeliest first."""
        import numpy as np

        scores = np.array(self.weights) @ self.views(text, known)
        chances = np.exp(scores - scores.max())
        chances /= chances.sum()
        return [(self.labels[n], float(chances[n])) for n in np.argsort(-chances, kind="stable")[:most]]

    def dump(self) -> bytes:
        """As numpy's compressed archive of plain arrays; the labels must be numbers or text."""
        import numpy as np

        arrays: dict[str, Any] = {"labels": np.array(self.labels), "common": self.common, "weights": np.array(self.weights)}
        for name, table in (("words", self.words), ("circumstances", self.circumstances)):
            arrays[f"{name}_vocabulary"] = np.array(table.vocabulary, str)
            arrays |= {f"{name}_{part}": getattr(table, part) for part in _PARTS}
        stream = io.BytesIO()
        np.savez_compressed(stream, **arrays)
        return stream.getvalue()

    @classmethod
    def load(cls, dumped: bytes) -> "Opinion":
        """Raises ValueError for an archive that holds anything but plain arrays."""
        import numpy as np

        with np.load(io.BytesIO(dumped), allow_pickle=False) as kept:
            words, known = (Table(kept[f"{name}_vocabulary"].tolist(), *(kept[f"{name}_{part}"] for part in _PARTS)) for name in ("words", "circumstances"))
            weights = kept["weights"].tolist()
            return cls(kept["labels"].tolist(), kept["common"], words, known, (weights[0], weights[1], weights[2]))

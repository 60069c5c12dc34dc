"""Text that a person reads, in both languages, kept at the place where it is said."""

from typing import NamedTuple


class T(NamedTuple):
    """One message in Chinese and English. A missing language is a type error, not a hole on a screen."""

    zh: str
    en: str

    def format(self, **values: object) -> "T":
        """The same message with `{names}` filled in; a value that is a T speaks its own language."""
        return T(
            self.zh.format(**{k: v.zh if isinstance(v, T) else v for k, v in values.items()}),
            self.en.format(**{k: v.en if isinstance(v, T) else v for k, v in values.items()}),
        )

    def say(self, language: str) -> str:
        """The text in `language` ("zh…" or "en…"); Chinese where the language is neither."""
        return self.en if language.lower().startswith("en") else self.zh

    def json(self) -> dict[str, str]:
        return {"zh": self.zh, "en": self.en}

"""The tokenizer, read without transformers: takes and gives what theirs does, as far as it is used here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any


class Tokens:
    """The tokenizer of the model in `folder`. Raises OSError or ValueError where there is none."""

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        file = folder / "tokenizer.json"
        try:
            self._own = Tokenizer.from_str(file.read_text(encoding="utf-8"))
        except OSError:
            raise
        except Exception as error:  # the library raises no class of its own
            raise ValueError(f"{file.name}: {error}") from None
        self._own.no_truncation()
        self._own.no_padding()

    def __call__(
        self,
        text: str | Sequence[str],
        add_special_tokens: bool = True,
        return_offsets_mapping: bool = False,
    ) -> dict[str, Any]:
        """`input_ids` of a text, or of each of several, and with `return_offsets_mapping` also `offset_mapping`."""
        if isinstance(text, str):
            one = self._own.encode(text, add_special_tokens=add_special_tokens)
            return {"input_ids": one.ids} | ({"offset_mapping": one.offsets} if return_offsets_mapping else {})
        many = [self._own.encode(one, add_special_tokens=add_special_tokens) for one in text]
        found: dict[str, Any] = {"input_ids": [one.ids for one in many]}
        return found | ({"offset_mapping": [one.offsets for one in many]} if return_offsets_mapping else {})

    def decode(self, tokens: Sequence[int]) -> str:
        """The text of some tokens."""
        return str(self._own.decode(list(tokens), skip_special_tokens=False))

    def convert_tokens_to_ids(self, token: str) -> int:
        """The number of a token. Raises ValueError where it is not in the vocabulary."""
        number = self._own.token_to_id(token)
        if number is None:
            raise ValueError(f"no {token} in the vocabulary")
        return int(number)

"""The base model, loaded once: tokens with their places, and what other modules need to read with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from repair.cores import free
from repair.errors import ModelError

START = "<|endoftext|>"  # every text begins with it


class LanguageModel:
    """A causal language model and its tokenizer, in evaluation mode on one device.

    `model` and `tokenizer` are the plain transformers objects.
    """

    def __init__(self, folder: Path, device: str = "auto", dtype: str = "auto", threads: int | None = None) -> None:
        if device == "auto":
            device = "cuda" if torch.cuda.is_available() else "cpu"
        torch.set_num_threads(threads or min(free(), torch.get_num_threads()))  # OMP_NUM_THREADS counts too
        try:
            self.tokenizer, self.model = pretrained(
                folder, fitting(device) if dtype == "auto" else getattr(torch, dtype)
            )
        except Exception as error:
            raise ModelError(
                f"{folder}: cannot load the base model ({one_line(error)}); run: repair setup --force"
            ) from error
        self.name = folder.name
        self.model.to(device).eval().requires_grad_(False)
        self.device = torch.device(device)
        self.hidden: int = self.model.config.hidden_size
        self.start: int = self.tokenizer.convert_tokens_to_ids(START)

    def encode(self, text: str) -> list[tuple[int, int, int]]:
        """(token, start, end) for a start mark and every token of `text`; offsets in code points."""
        encoded = self.tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
        pairs = zip(encoded["input_ids"], encoded["offset_mapping"], strict=True)
        return [(self.start, 0, 0), *((token, start, end) for token, (start, end) in pairs)]


def fitting(device: str) -> torch.dtype:
    """The type a device multiplies fastest: bfloat16 where it has instructions for it, else float32.

    A processor without them takes about eight times as long in bfloat16.
    """
    known = torch.cpu.get_capabilities()
    own = any(known.get(name) for name in ("amx_bf16", "avx512_bf16", "bf16"))
    return torch.bfloat16 if own or not device.startswith("cpu") else torch.float32


def pretrained(folder: Path, dtype: torch.dtype, **options: str) -> tuple[Any, Any]:
    """Tokenizer and model from a folder, as transformers loads them."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    quiet()
    tokenizer: Any = AutoTokenizer.from_pretrained(folder, **options)
    return tokenizer, AutoModelForCausalLM.from_pretrained(folder, dtype=dtype, **options)


def gguf_to_safetensors(file: Path, folder: Path) -> None:
    """Read a quantised GGUF file and write plain bfloat16 weights with their tokenizer into `folder`."""
    tokenizer, model = pretrained(file.parent, torch.bfloat16, gguf_file=file.name)
    # transformers refuses to save what still looks quantised
    for mark in ("hf_quantizer", "quantization_method", "is_quantized"):
        if mark in vars(model):
            delattr(model, mark)
    if hasattr(model.config, "quantization_config"):
        del model.config.quantization_config
    model.to(torch.bfloat16).save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def quiet() -> None:
    """Keep transformers from printing bars and advice to the terminal."""
    from transformers.utils import logging

    bars: Any = logging
    bars.disable_progress_bar()
    bars.set_verbosity_error()


def one_line(error: Exception) -> str:
    """The first line of an error's message."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]

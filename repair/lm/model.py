"""The base model, loaded once: its tokenizer, its vocabulary's head, and its layers with what was trained on top."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch.nn import functional

from repair.cores import wanted_threads
from repair.errors import ModelError
from repair.lm.adapter import adapter_hash, checked, merged
from repair.lm.base import home
from repair.lm.checksums import known_hash
from repair.lm.kept import Tensors, kept
from repair.lm.llama import Layer, Llama, Matrix, shape
from repair.lm.narrow import Narrow, narrowed
from repair.lm.tokens import Tokens

START = "<|endoftext|>"  # every text begins with it
FORM = 1  # of the weights that are kept


class LanguageModel:
    """A causal language model and its tokenizer, for reading, on one device.

    Nothing of it is read from the disk before it is used.
    """

    def __init__(self, folder: Path, device: str = "auto", dtype: str = "auto", threads: int | None = None) -> None:
        self.device = torch.device(fitting_device(device))
        self.narrow = dtype == "int8" or (dtype == "auto" and narrows(self.device.type))
        own = wanted_threads(threads)
        self.threads = own if self.device.type == "cpu" else 1  # readings that go on side by side
        # in products of whole numbers a second thread takes more time than it saves
        torch.set_num_threads(1 if self.narrow else own)
        self.dtype = fitting(self.device.type) if dtype in ("auto", "int8") else getattr(torch, dtype)
        self.numbers = "int8" if self.narrow else str(self.dtype).removeprefix("torch.")  # that layers are read in
        self.folder, self.name = folder, folder.name
        try:
            self.shape = shape(folder)
            self.tokenizer = Tokens(folder)
            self.start = self.tokenizer.convert_tokens_to_ids(START)
            files = sorted(folder.glob("*.safetensors")) or [folder / "model.safetensors"]
            self._facts = {
                "form": FORM,
                "base": [known_hash(file, home()) for file in files],
                "dtype": str(self.dtype),
                "torch": torch.__version__,
                "processor": torch.backends.cpu.get_cpu_capability(),  # sums are rounded differently
            }
            self._base = dict(chain.from_iterable(load_file(file).items() for file in files))
        except ModelError:
            raise
        except Exception as error:
            raise unloadable(folder, error) from error
        self.hidden = self.shape.hidden

    def encode(self, text: str) -> list[tuple[int, int, int]]:
        """(token, start, end) for a start mark and every token of `text`; offsets in code points."""
        encoded = self.tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
        pairs = zip(encoded["input_ids"], encoded["offset_mapping"], strict=True)
        return [(self.start, 0, 0), *((token, start, end) for token, (start, end) in pairs)]

    def logits(self, states: torch.Tensor) -> torch.Tensor:
        """Of every token of the vocabulary [rows, vocabulary], from last hidden states [rows, hidden]."""
        return functional.linear(states.to(self.dtype), self._head)

    def adapted(self, folder: Path) -> Llama:
        """The model with the adapter in `folder`, merged once. Raises ModelError where that is missing or damaged."""
        sha256, scale = adapter_hash(folder)
        facts = self._facts | {"adapter": sha256, "scale": scale, "narrow": self.narrow}

        def make() -> Tensors:
            dtype = torch.float32 if self.narrow else self.dtype
            weights = {name: tensor.to(dtype) for name, tensor in self._layers().items()}
            try:
                own = joined(merged(weights, checked(folder, "adapter")[0], scale), self.shape.layers)
                return narrowed(own, tuple(JOINED)) if self.narrow else own
            except (KeyError, RuntimeError):
                raise ModelError(f"{folder}: this adapter was not trained on the base model {self.folder}") from None

        return self._built(kept(home(), folder.name, facts, make))

    @cached_property
    def _embedding(self) -> torch.Tensor:
        """[vocabulary, hidden]"""
        return self._wide("model.embed_tokens.weight")

    @cached_property
    def _head(self) -> torch.Tensor:
        """[vocabulary, hidden]"""
        own = "lm_head.weight"
        return self._wide(own) if own in self._base else self._embedding

    def _wide(self, name: str) -> torch.Tensor:
        tensor = self._base[name]
        if tensor.dtype != self.dtype:
            tensor = kept(home(), "vocabulary", self._facts | {"name": name}, lambda: {name: tensor.to(self.dtype)})[
                name
            ]
        return tensor.to(self.device)

    def _layers(self) -> Tensors:
        """What changes with an adapter, by names that begin with the number of the layer; and the last norm."""
        prefix = "model.layers."
        own = {name.removeprefix(prefix): tensor for name, tensor in self._base.items() if name.startswith(prefix)}
        return own | {"norm.weight": self._base["model.norm.weight"]}

    def _built(self, weights: Mapping[str, torch.Tensor]) -> Llama:
        own = {name: tensor.to(self.device) for name, tensor in weights.items()}
        layers = [layer(own, number, self.dtype) for number in range(self.shape.layers)]
        return Llama(self.shape, self._embedding, layers, own["norm.weight"])


class Wide:
    """A matrix in the type of what it is multiplied with; `repair.lm.narrow` has its counterpart in whole numbers."""

    def __init__(self, weight: torch.Tensor) -> None:
        self.weight = weight

    def __call__(self, states: torch.Tensor) -> torch.Tensor:
        return functional.linear(states, self.weight)


# The matrices of a layer as they are used, each from those that are multiplied with the same states.
JOINED = {
    "attending": ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
    "attended": ("self_attn.o_proj",),
    "opening": ("mlp.gate_proj", "mlp.up_proj"),
    "closing": ("mlp.down_proj",),
}


def layer(own: Tensors, number: int, dtype: torch.dtype) -> Layer:
    """Layer `number` of weights that `joined` or `narrowed` has made; attention is in the type `dtype`."""

    def matrix(name: str) -> Matrix:
        weight, scale = own[f"{number}.{name}"], own.get(f"{number}.{name}.scale")
        if scale is None:
            return Wide(weight)
        return Narrow(weight, scale, dtype if name == "attending" else torch.float32)

    before, after = (own[f"{number}.{name}.weight"] for name in ("input_layernorm", "post_attention_layernorm"))
    return Layer(matrix("attending"), matrix("attended"), matrix("opening"), matrix("closing"), before, after)


def joined(weights: Mapping[str, torch.Tensor], layers: int) -> Tensors:
    """The weights by transformers' names, with the matrices that belong together in one."""
    single = {part for parts in JOINED.values() for part in parts}
    ends = tuple(f".{part}.weight" for part in single)
    result = {name: tensor for name, tensor in weights.items() if not name.endswith(ends)}
    for number in range(layers):
        for name, parts in JOINED.items():
            result[f"{number}.{name}"] = torch.cat([weights[f"{number}.{part}.weight"] for part in parts])
    return result


class Pretrained:
    """The base model as transformers has it: `model` and `tokenizer` are their plain objects.

    What checks and fixes texts does without it.
    """

    def __init__(self, folder: Path, device: str = "auto", dtype: str = "auto", threads: int | None = None) -> None:
        torch.set_num_threads(wanted_threads(threads))
        chosen = fitting_device(device)
        try:
            self.tokenizer, self.model = pretrained(
                folder, fitting(chosen) if dtype == "auto" else getattr(torch, dtype)
            )
        except Exception as error:
            raise unloadable(folder, error) from error
        self.model.to(chosen).eval().requires_grad_(False)


def narrows(device: str) -> bool:
    """Does the device multiply whole numbers of 8 bits faster than all else? Processors do that have VNNI or AMX."""
    known = torch.cpu.get_capabilities()
    return device.startswith("cpu") and any(known.get(name) for name in ("avx512_vnni", "avx_vnni", "amx_int8"))


def fitting_device(device: str) -> str:
    """`auto` is a graphics card where there is one."""
    return device if device != "auto" else "cuda" if torch.cuda.is_available() else "cpu"


def fitting(device: str) -> torch.dtype:
    """The type a device multiplies fastest: bfloat16 where it has instructions for it, else float32.

    A processor without them takes about eight times as long in bfloat16.
    """
    known = torch.cpu.get_capabilities()
    own = any(known.get(name) for name in ("amx_bf16", "avx512_bf16", "bf16"))
    return torch.bfloat16 if own or not device.startswith("cpu") else torch.float32


def wide(device: str) -> str:
    """The name of the floating type that suits the device best."""
    return str(fitting(fitting_device(device))).removeprefix("torch.")


def pretrained(folder: Path, dtype: torch.dtype) -> tuple[Any, Any]:
    """Tokenizer and model from a folder, as transformers loads them."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    quiet()
    tokenizer: Any = AutoTokenizer.from_pretrained(folder)
    return tokenizer, AutoModelForCausalLM.from_pretrained(folder, dtype=dtype)


def gguf_to_safetensors(file: Path, folder: Path) -> None:
    """Read a quantised GGUF file and write plain bfloat16 weights with their tokenizer into `folder`."""
    from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer, modeling_gguf_pytorch_utils

    # piece by piece: `from_pretrained` wants accelerate for it, and saves nothing that looks quantised
    quiet()
    config = AutoConfig.from_pretrained(file.parent, gguf_file=file.name)
    untyped: Any = AutoModelForCausalLM
    model = untyped.from_config(config, dtype=torch.bfloat16)
    reading: Any = modeling_gguf_pytorch_utils
    weights = reading.load_gguf_checkpoint(str(file), return_tensors=True, model_to_load=model)["tensors"]
    absent = model.load_state_dict(weights, strict=False).missing_keys  # the head is the embedding
    if set(absent) - set(model.all_tied_weights_keys):
        raise ModelError(f"{file}: it lacks {', '.join(absent)}; remove it and run: repair setup --force")
    model.save_pretrained(folder)
    AutoTokenizer.from_pretrained(file.parent, gguf_file=file.name).save_pretrained(folder)


def quiet() -> None:
    """Keep transformers from printing bars and advice to the terminal."""
    from transformers.utils import logging

    bars: Any = logging
    bars.disable_progress_bar()
    bars.set_verbosity_error()


def unloadable(folder: Path, error: Exception) -> ModelError:
    return ModelError(f"{folder}: cannot load the base model ({one_line(error)}); run: repair setup --force")


def one_line(error: Exception) -> str:
    """The first line of an error's message."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]

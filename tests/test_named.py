"""A detector with a base of its own: found by folder or name, read with its own tokens, checked against its base."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from repair.config import Config, load_config
from repair.errors import ConfigError, ModelError
from repair.lm.named import named_folder, named_reader
from repair.lm.reader import Head
from repair.publication import publication_gate

WORDS = ["<|endoftext|>", "talks", "\u0120began", "\u0120in", "?"]
HIDDEN = 32
CPU = Config(device="cpu", dtype="float32", threads=1)


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPAIR_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))


def base(folder: Path, hidden: int = HIDDEN) -> Path:
    """A small Llama with its tokenizer."""
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    torch.manual_seed(0)
    tokenizer = Tokenizer(models.WordLevel({word: n for n, word in enumerate(WORDS)}, unk_token="?"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.add_special_tokens(["<|endoftext|>"])
    PreTrainedTokenizerFast(tokenizer_object=tokenizer).save_pretrained(folder)  # type: ignore[no-untyped-call]
    config = LlamaConfig(
        vocab_size=len(WORDS),
        hidden_size=hidden,
        intermediate_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=4,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    return folder


@pytest.fixture
def detector(tmp_path: Path) -> Path:
    """What training leaves: an adapter of one matrix, a head, their hashes; and the base beside them."""
    folder = tmp_path / "big"
    base(folder / "base")
    path = "0.self_attn.o_proj"
    tensors = {
        "adapter": {f"{path}.down": torch.randn(4, HIDDEN).half(), f"{path}.up": torch.randn(HIDDEN, 4).half()},
        "head": {name: value.half() for name, value in Head(HIDDEN).state_dict().items()},
    }
    for name, state in tensors.items():
        save_file(state, folder / f"{name}.safetensors")
    hashes = {name: hashlib.sha256((folder / f"{name}.safetensors").read_bytes()).hexdigest() for name in tensors}
    (folder / "config.json").write_text(json.dumps({"sha256": hashes, "rank": 4, "scale": 2.0}), encoding="utf-8")
    return folder


def test_a_detector_reads_with_its_own_base(detector: Path) -> None:
    reader = named_reader(named_folder(str(detector)), CPU)
    assert reader.lm.hidden == HIDDEN
    reading = reader.read("talks began in Oslo")
    assert len(reading.words) == 4 and all(0 < one < 1 for one in reading.garbled)


@pytest.mark.parametrize("part", ["config.json", "adapter.safetensors", "head.safetensors", "base/config.json"])
def test_what_is_missing_is_named(detector: Path, part: str) -> None:
    (detector / part).unlink()
    with pytest.raises(ModelError, match=f"{part} is missing"):
        named_folder(str(detector))


def test_another_base_is_refused(detector: Path) -> None:
    shutil.rmtree(detector / "base")
    base(detector / "base", hidden=24)
    with pytest.raises(ModelError) as caught:
        named_reader(named_folder(str(detector)), CPU)
    assert "\n" not in str(caught.value)


def test_weights_that_name_another_base_are_refused(detector: Path) -> None:
    path = detector / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    named = {"sha256": "0" * 64, "layers": 2, "hidden": HIDDEN, "vocabulary": len(WORDS)}
    path.write_text(json.dumps(config | {"base": named}), encoding="utf-8")
    with pytest.raises(ModelError, match="not the base model that the weights 'big' were trained on"):
        named_reader(named_folder(str(detector)), CPU)


def test_a_damaged_adapter_is_refused(detector: Path) -> None:
    with (detector / "adapter.safetensors").open("ab") as file:
        file.write(b" ")
    with pytest.raises(ModelError, match="damaged"):
        named_reader(named_folder(str(detector)), CPU)


def test_a_name_that_nothing_has_is_an_error_and_nothing_is_fetched() -> None:
    with pytest.raises(ModelError, match="example/no-such-detector: no such detector"):
        named_folder("example/no-such-detector")


def test_a_folder_in_the_file_is_relative_to_it(detector: Path, tmp_path: Path) -> None:
    (tmp_path / "repair.toml").write_text('detector_model = "big"\n', encoding="utf-8")
    assert load_config(tmp_path / "repair.toml").detector_model == str(detector)


def test_nobody_has_counted_its_false_alarms() -> None:
    with pytest.raises(ConfigError, match="false alarms of this detector_model"):
        publication_gate(1.0, Config(detector_model="big"), lambda: {"article": [], "line": []})
    assert publication_gate(1.0, Config(detector_model="big", no_model=True))


def test_whole_numbers_are_for_a_detector_that_was_measured_in_them(
    detector: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx512_vnni": True})
    auto, text = Config(device="cpu", threads=1), "talks began in Oslo"
    assert named_reader(detector, auto).lm.numbers == "float32"
    before = named_reader(detector, Config(device="cpu", dtype="int8", threads=1)).read(text)
    file = detector / "config.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"narrow": [0.5, -0.5]}), encoding="utf-8")
    reader = named_reader(detector, auto)
    after = reader.read(text)
    assert reader.lm.numbers == "int8"
    for old, new, shift in ((before.garbled, after.garbled, 0.5), (before.serious, after.serious, -0.5)):
        expected = (torch.logit(torch.tensor(old)) - shift).sigmoid()
        assert torch.allclose(torch.tensor(new), expected, atol=1e-5)

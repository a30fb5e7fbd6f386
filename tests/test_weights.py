"""The plain forward pass and tokenizer against those of transformers, and weights that are made ready once."""

import json
import os
import random
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch

from repair.errors import ModelError
from repair.lm import checksums, kept
from repair.lm.adapter import merged
from repair.lm.checksums import known_hash
from repair.lm.llama import shape
from repair.lm.model import LanguageModel, pretrained
from repair.lm.narrow import Narrow, narrowed
from repair.lm.tree import Tree, TreeReader

WORDS = ["<|endoftext|>", "\u0120talks", "\u0120began", "on", "a", "b", "c", "\u0120", "\u010a"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small model with its tokenizer, as transformers saves them."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("small")
    vocabulary = {word: number for number, word in enumerate(WORDS)}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="a"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(["<|endoftext|>"])
    PreTrainedTokenizerFast(tokenizer_object=tokenizer).save_pretrained(folder)  # type: ignore[no-untyped-call]
    config = LlamaConfig(  # type: ignore[call-arg]
        vocab_size=len(WORDS),
        hidden_size=32,
        intermediate_size=48,
        num_hidden_layers=3,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=6,
        rope_theta=500.0,
        tie_word_embeddings=True,
        initializer_range=0.3,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    return folder


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REPAIR_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def adapter(tmp_path: Path) -> Path:
    """The folder of an adapter that touches one matrix of the small model."""
    from safetensors.torch import save_file

    torch.manual_seed(1)
    folder = tmp_path / "adapter"
    folder.mkdir()
    name = "1.self_attn.k_proj"
    parts = {f"{name}.down": torch.randn(2, 32).half(), f"{name}.up": torch.randn(12, 2).half()}
    save_file(parts, folder / "adapter.safetensors")
    sha256 = checksums.file_hash(folder / "adapter.safetensors")
    (folder / "config.json").write_text(json.dumps({"scale": 2.0, "sha256": {"adapter": sha256}}))
    return folder


def theirs(folder: Path, adapter: Path, dtype: torch.dtype) -> Any:
    """transformers' model with the adapter added."""
    from safetensors.torch import load_file

    model = pretrained(folder, dtype)[1].eval()
    layers = model.model.layers
    layers.load_state_dict(merged(layers.state_dict(), load_file(adapter / "adapter.safetensors"), 2.0))
    return model


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_it_reads_as_transformers_does(folder: Path, adapter: Path, dtype: str) -> None:
    model = theirs(folder, adapter, getattr(torch, dtype))
    lm = LanguageModel(folder, "cpu", dtype)
    own = lm.adapted(adapter)
    ids = torch.randint(len(WORDS), (1, 9), generator=torch.Generator().manual_seed(1))
    near = 1e-5 if dtype == "float32" else 0.1
    everything = torch.ones(1, 1, 9, 9, dtype=torch.bool)
    with torch.inference_mode():
        for mask in (None, everything, everything.tril()):
            expected = model.model(input_ids=ids, attention_mask=mask, use_cache=False).last_hidden_state
            assert torch.allclose(own(ids, mask).last_hidden_state, expected, atol=near)
        assert torch.equal(lm.logits(expected[0]), model.lm_head(expected[0]))
        first = own(ids[:, :5], everything[:, :, :5, :5].tril(), use_cache=True)
        places, row = torch.arange(5, 9)[None], everything.tril()[:, :, 5:]
        rest = own(ids[:, 5:], row, places, first.cache, use_cache=True).last_hidden_state
    assert torch.allclose(rest, expected[:, 5:], atol=near)


def path(tree: Tree, place: int) -> list[int]:
    """The tokens from the root to `place`."""
    tokens = []
    while place >= 0:
        tokens.append(tree.tokens[place])
        place = tree.parents[place]
    return tokens[::-1]


def test_every_branch_of_trees_that_are_read_together_reads_as_if_it_were_alone(folder: Path, adapter: Path) -> None:
    rng = random.Random(3)
    model = LanguageModel(folder, "cpu", "float32").adapted(adapter)
    trees = [Tree() for _ in range(3)]
    for tree in trees:
        tree.add(-1, [rng.randrange(len(WORDS)) for _ in range(rng.randrange(4, 9))])
    reader = TreeReader(model, trees)
    states = [list(some) for some in reader.read()]
    for _ in range(4):
        for tree in trees[: rng.randrange(1, 4)]:  # some gain nothing in a step
            for _ in range(rng.randrange(1, 3)):
                tokens = [rng.randrange(len(WORDS)) for _ in range(rng.randrange(1, 4))]
                tree.add(rng.randrange(len(tree.tokens)), tokens)
        for known, some in zip(states, reader.read(), strict=True):
            known += some
    for tree, known in zip(trees, states, strict=True):
        assert len(known) == len(tree.tokens)
        for place, state in enumerate(known):
            alone = model(torch.tensor([path(tree, place)])).last_hidden_state[0, -1]
            assert torch.allclose(state, alone, atol=1e-5)


@pytest.mark.parametrize("text", ["", " talks began", "onabc\n on<|endoftext|>a", "na\u00efve \U0001f64f\U0001f3fd"])
def test_tokens_are_those_of_transformers(folder: Path, text: str) -> None:
    tokenizer, lm = pretrained(folder, torch.float32)[0], LanguageModel(folder, "cpu")
    expected = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
    found = lm.tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
    assert found["input_ids"] == expected["input_ids"]
    assert found["offset_mapping"] == [tuple(pair) for pair in expected["offset_mapping"]]
    assert lm.tokenizer.decode(found["input_ids"]) == tokenizer.decode(expected["input_ids"])
    assert lm.tokenizer([text, "on"])["input_ids"] == tokenizer([text, "on"])["input_ids"]
    assert lm.start == 0


def test_weights_are_made_ready_once(folder: Path, adapter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = LanguageModel(folder, "cpu", "float32").adapted(adapter)
    monkeypatch.setattr("repair.lm.model.merged", None)
    again = LanguageModel(folder, "cpu", "float32").adapted(adapter)
    ids = torch.arange(4)[None]
    assert torch.equal(made(ids).last_hidden_state, again(ids).last_hidden_state)


@pytest.mark.parametrize("harm", [lambda f: f.write_bytes(f.read_bytes()[:-1] + b"?"), lambda f: f.unlink()])
@pytest.mark.parametrize("suffix", ["safetensors", "sha256"])
def test_damaged_ones_are_made_anew(own_home: Path, suffix: str, harm: Any) -> None:
    def make() -> kept.Tensors:
        return {"w": torch.arange(3.0)}

    kept.kept(own_home, "some", {}, make)
    (file,) = (own_home / kept.FOLDER).glob(f"*.{suffix}")
    sound = file.read_bytes()
    harm(file)
    assert kept.kept(own_home, "some", {}, make)["w"].tolist() == [0, 1, 2]
    assert file.read_bytes() == sound


def numbered(number: int) -> dict[str, torch.Tensor]:
    return {"w": torch.tensor(number)}


def test_other_facts_are_other_weights_and_few_are_kept(own_home: Path) -> None:
    for number in range(9):
        found = kept.kept(own_home, "some", {"base": number}, partial(numbered, number))
        assert found["w"] == number
        kept.kept(own_home, "other", {}, partial(numbered, -1))
    assert len(list((own_home / kept.FOLDER).glob("some-*.safetensors"))) == kept.MOST
    assert kept.kept(own_home, "other", {}, dict)["w"] == -1
    assert kept.kept(own_home, "some", {"base": 8}, dict)["w"] == 8


def test_without_a_folder_to_write_in_all_works(folder: Path, adapter: Path, own_home: Path) -> None:
    own_home.write_text("a file, where the folder should be")
    assert LanguageModel(folder, "cpu").adapted(adapter)(torch.arange(4)[None]).last_hidden_state.isfinite().all()


def test_a_checksum_is_computed_again_once_a_file_was_touched(
    tmp_path: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checksums, "SETTLED", 0)
    file = tmp_path / "weights"
    file.write_bytes(b"one")
    own_home.mkdir()
    first = known_hash(file, own_home)
    with monkeypatch.context() as patch:
        patch.setattr(checksums, "file_hash", None)
        assert known_hash(file, own_home) == first
    stamp = file.stat()
    time.sleep(0.02)
    file.write_bytes(b"two")
    os.utime(file, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))  # time and size are as they were
    assert known_hash(file, own_home) == checksums.file_hash(file) != first


@pytest.mark.parametrize("notes", ["", "[]", "{", '{"x": 3}', '{"x": []}'])
def test_notes_that_cannot_be_read_are_none(tmp_path: Path, own_home: Path, notes: str) -> None:
    own_home.mkdir()
    (own_home / checksums.NOTES).write_text(notes)
    (tmp_path / "weights").write_bytes(b"one")
    assert known_hash(tmp_path / "weights", own_home) == checksums.file_hash(tmp_path / "weights")


def test_a_file_just_written_is_not_noted(tmp_path: Path, own_home: Path) -> None:
    own_home.mkdir()
    (tmp_path / "weights").write_bytes(b"one")
    known_hash(tmp_path / "weights", own_home)
    assert not (own_home / checksums.NOTES).exists()


def test_a_model_of_another_kind_is_refused(folder: Path, tmp_path: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    for change in ({"model_type": "gpt2"}, {"attention_bias": True}, {"rope_parameters": {"rope_type": "yarn"}}):
        (tmp_path / "config.json").write_text(json.dumps(config | change))
        with pytest.raises(ModelError, match="not a plain Llama model"):
            shape(tmp_path)


def test_an_adapter_of_another_base_is_refused(folder: Path, adapter: Path) -> None:
    from safetensors.torch import save_file

    file = adapter / "adapter.safetensors"
    save_file({"7.self_attn.k_proj.down": torch.zeros(2, 32), "7.self_attn.k_proj.up": torch.zeros(12, 2)}, file)
    config = {"scale": 2.0, "sha256": {"adapter": checksums.file_hash(file)}}
    (adapter / "config.json").write_text(json.dumps(config))
    with pytest.raises(ModelError, match="not trained on the base model"):
        LanguageModel(folder, "cpu").adapted(adapter)


@pytest.mark.parametrize("rows", [1, 3, 40])
def test_whole_numbers_are_near_and_read_alike_in_any_company(rows: int) -> None:
    generator = torch.Generator().manual_seed(2)
    weight, states = torch.randn(24, 16, generator=generator), torch.randn(1, rows, 16, generator=generator)
    states[0, 0] = 0
    made = narrowed({"0.matrix": weight, "norm": torch.ones(2).half()}, ("matrix",))
    assert made["0.matrix"].dtype == torch.int8 and made["norm"].dtype == torch.float32
    matrix = Narrow(made["0.matrix"], made["0.matrix.scale"], torch.float32)
    found, expected = matrix(states), states @ weight.T
    assert (found - expected).norm() < 0.02 * expected.norm() + 1e-9 and found[0, 0].abs().max() == 0
    assert all(torch.equal(matrix(states[:, i : i + 1]), found[:, i : i + 1]) for i in range(rows))


def test_a_model_of_whole_numbers_reads_nearly_as_transformers_does(folder: Path, adapter: Path) -> None:
    model, own = theirs(folder, adapter, torch.float32), LanguageModel(folder, "cpu", "int8").adapted(adapter)
    assert isinstance(own.layers[0].closing, Narrow)
    ids = torch.randint(len(WORDS), (1, 9), generator=torch.Generator().manual_seed(1))
    everything = torch.ones(1, 1, 9, 9, dtype=torch.bool)
    with torch.inference_mode():
        for mask in (None, everything, everything.tril()):
            expected = model.model(input_ids=ids, attention_mask=mask, use_cache=False).last_hidden_state
            found = own(ids, mask).last_hidden_state
            assert torch.nn.functional.cosine_similarity(found, expected, dim=-1).mean() > 0.97

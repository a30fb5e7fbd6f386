"""Weights run on the base model they were trained on, and on no other."""

import json
import shutil
from pathlib import Path

import pytest

from repair.errors import ModelError
from repair.lm.base import MARK, SHA256, resolve
from repair.lm.origin import Origin, check_origin, named_origin, origin
from repair.trained import WEIGHTS, weights

SHAPE = {"num_hidden_layers": 2, "hidden_size": 32, "vocab_size": 64}


def made(folder: Path, data: bytes, **shape: int) -> Path:
    """A folder that looks like a base model."""
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(SHAPE | shape), encoding="utf-8")
    (folder / "model.safetensors").write_bytes(data)
    return folder


def trained(folder: Path, base: Path) -> Path:
    """A folder of weights that were trained on `base`."""
    folder.mkdir()
    known = origin(base)
    named = {"sha256": known.sha256, "layers": known.layers, "hidden": known.hidden, "vocabulary": known.vocabulary}
    (folder / "config.json").write_text(json.dumps({"base": named}), encoding="utf-8")
    return folder


def test_weights_fit_their_own_base_wherever_it_lies(tmp_path: Path) -> None:
    base = made(tmp_path / "base", b"one")
    mine = trained(tmp_path / "detector", base)
    other = tmp_path / "moved"
    shutil.copytree(base, other)
    check_origin(origin(other), other, mine)


def test_another_model_of_the_same_shape_is_refused(tmp_path: Path) -> None:
    mine = trained(tmp_path / "detector", made(tmp_path / "base", b"one"))
    other = made(tmp_path / "random", b"two")
    with pytest.raises(ModelError, match=r"the weights 'detector' were trained on .*sha256"):
        check_origin(origin(other), other, mine)


def test_a_model_of_another_shape_is_told_by_its_shape(tmp_path: Path) -> None:
    mine = trained(tmp_path / "infill", made(tmp_path / "base", b"one"))
    other = made(tmp_path / "larger", b"two", hidden_size=64)
    with pytest.raises(ModelError, match="it has 2 layers, 64 units, 64 tokens, not 2 layers, 32 units, 64 tokens"):
        check_origin(origin(other), other, mine)


def test_a_converted_model_is_known_by_the_file_it_was_made_from(tmp_path: Path) -> None:
    base = made(tmp_path / "base", b"as this machine writes it")
    (base / MARK).write_text(json.dumps({"source_sha256": "ab" * 32}), encoding="utf-8")
    assert origin(base) == Origin("ab" * 32, 2, 32, 64)


@pytest.mark.parametrize("gone", ["config.json", "model.safetensors"])
def test_what_is_no_base_model_is_a_clear_error(tmp_path: Path, gone: str) -> None:
    base = made(tmp_path / "base", b"one")
    (base / gone).unlink()
    with pytest.raises(ModelError, match="no base model that can be used"):
        origin(base)


def test_a_base_that_is_named_wrongly_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"base": {"sha256": 7}}', encoding="utf-8")
    with pytest.raises(ModelError, match="cannot be used"):
        named_origin(tmp_path)


@pytest.mark.parametrize("name", WEIGHTS)
def test_the_weights_that_are_shipped_name_the_pinned_base(name: str) -> None:
    named = named_origin(weights(name))
    assert named is not None and named.sha256 == SHA256


@pytest.mark.slow
def test_the_installed_base_is_the_one_that_they_name() -> None:
    assert origin(resolve()) == named_origin(weights("detector"))

"""What training and use must share: the layout of questions, the adapter's arithmetic, the labels of words."""

import importlib
import itertools
import random
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from models import lowrank, packed
from models.infill.examples import near, wide, widen
from models.infill.pack import ANSWER
from models.infill.train import layout
from models.recipe.consensus import UNKNOWN, company, labels
from models.trainer import Lesson, arguments, base_model, fit, keep
from repair.edits import Edit
from repair.lm.adapter import checked, merged
from repair.lm.origin import named_origin, origin
from repair.lm.reader import Head
from repair.lm.tree import Tree, ancestors
from repair.text import Span, words


def test_a_packed_row_is_laid_out_as_the_tree_that_is_read_in_use() -> None:
    tree = Tree()
    root = tree.add(-1, [5, 6, 7, 8])
    last = tree.add(tree.add(root, [9, 10]), [11, 12])
    tree.add(tree.add(root, [13]), [14])
    assert last == 7
    parts = [0, 0, 0, 0, 1, 1, 1 + ANSWER, 1 + ANSWER, 2, 2 + ANSWER]
    positions, mask, answers = layout(torch.tensor([[*parts, -1, -1]]))
    assert positions[0, :10].tolist() == tree.depths
    assert torch.equal(mask[0, 0, :10, :10], ancestors(tree.parents))
    assert mask[0, 0].any(1).all(), "padding sees something, or attention to nothing gives no number"
    assert answers[0].nonzero()[:, 0].tolist() == [6, 7, 9]


class Tiny(nn.Module):
    model: Any

    def __init__(self) -> None:
        super().__init__()
        self.model = nn.Module()
        block = nn.Module()
        block.q_proj = nn.Linear(6, 4, bias=False)
        self.model.layers = nn.ModuleList([block])


def test_an_adapter_does_in_use_what_it_did_in_training() -> None:
    torch.manual_seed(0)
    model = Tiny()
    plain = Tiny()
    plain.load_state_dict(model.state_dict())
    lowrank.adapt(model.model.layers, rank=2)
    for parameter in lowrank.parameters(model.model.layers):
        nn.init.normal_(parameter)
    x = torch.randn(3, 6)
    before = x @ plain.model.layers[0].q_proj.weight.T
    own = merged(plain.model.layers.state_dict(), lowrank.state(model.model.layers), lowrank.SCALE)
    plain.model.layers.load_state_dict(own)
    after = plain.model.layers[0].q_proj(x)
    assert torch.allclose(after, model.model.layers[0].q_proj(x), atol=2e-2)
    assert not torch.allclose(before, after, atol=1e-1)


def test_a_kept_adapter_can_be_taken_up_again() -> None:
    torch.manual_seed(0)
    one, other = Tiny(), Tiny()
    for model in (one, other):
        lowrank.adapt(model.model.layers, rank=2)
        for parameter in lowrank.parameters(model.model.layers):
            nn.init.normal_(parameter)
    lowrank.restore(other.model.layers, lowrank.state(one.model.layers))
    for a, b in zip(lowrank.parameters(one.model.layers), lowrank.parameters(other.model.layers), strict=True):
        assert torch.allclose(a, b, atol=1e-2)


def test_packed_rows_come_back_as_they_were(tmp_path: Path) -> None:
    rows = {"tokens": [[1, 2, 3], [4]], "labels": [[200], [0, 255]]}
    packed.save(tmp_path / "some.npz", rows, {"tokens": "uint16", "labels": "uint8"})
    data = packed.load(tmp_path / "some.npz")
    assert [data["tokens"][i].tolist() for i in range(2)] == rows["tokens"]
    assert [data["labels"][i].tolist() for i in range(2)] == rows["labels"]


def test_every_text_is_in_a_batch_once_a_round_and_no_batch_is_too_large() -> None:
    lengths = np.array([5, 40, 33, 64, 7, 9, 300])
    groups = packed.batches(lengths, np.arange(len(lengths)), 128, random.Random(1))
    seen: list[int] = []
    while len(seen) < len(lengths):
        group = next(groups)
        assert len(group) == 1 or len(group) * -(-lengths[group].max() // packed.ROUND) * packed.ROUND <= 128
        seen += group.tolist()
    assert sorted(seen) == list(range(len(lengths)))


REFERENCE = company("The court confirmed that the law is constitutional.")
OTHERS = [company("The court confirmed the law was constitutional."), company("The tribunal confirmed the law.")]


@pytest.mark.parametrize(
    ("word", "wrong"),
    [("court", False), ("constitutional", False), ("tribunal", False), ("colonel", True)],
)
def test_a_word_that_nobody_shares_is_suspect(word: str, wrong: bool) -> None:
    found = labels(f"The {word} confirmed the law.", REFERENCE, OTHERS)[1]
    assert (found > 0) == wrong and found != UNKNOWN


def test_names_and_other_forms_of_a_word_teach_nothing() -> None:
    found = labels("The Kostovski court confirms the law.", REFERENCE, OTHERS)
    assert found[1] == UNKNOWN and found[3] == UNKNOWN


def test_a_small_word_is_sound_beside_a_neighbour_that_others_put_it_beside() -> None:
    assert labels("confirmed the law", REFERENCE, OTHERS)[1] == 0.0
    assert labels("confirmed at law", REFERENCE, OTHERS)[1] > 0


@pytest.fixture(scope="module")
def tiny_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base model of two small layers."""
    from transformers import LlamaConfig, LlamaForCausalLM

    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("base")
    config = LlamaConfig(
        vocab_size=64,
        hidden_size=32,
        intermediate_size=48,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        tie_word_embeddings=True,
        initializer_range=0.3,  # wide enough that frozen embeddings can be told apart
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    return folder


def trained(what: str, rows: dict[str, list[list[int]]], base: Path, folder: Path) -> tuple[float, float]:
    """The loss before and after 400 steps of training on `rows`; the weights lie in `folder`/out then."""
    module = importlib.import_module(f"models.{what}.train")
    packed.save(folder / "rows.npz", rows, dict.fromkeys(rows, "uint16"))
    options = {"packed": folder / "rows.npz", "out": folder / "out", "base": base, "minutes": 0.1, "rate": 0.005}
    args = arguments("").parse_args([f"--{name}={value}" for name, value in options.items()])
    args.tokens = 256
    model = base_model(args.base, args.device)
    lesson = module.lesson(model, Head(32)) if what == "detector" else module.lesson(model)
    batches = module.batches(args.packed, args.tokens, args.device, random.Random(1))

    def loss() -> float:
        with torch.inference_mode():
            total, count = lesson.loss(next(batches))
            return float(total / count)

    before = loss()
    # the clock is read twice a step; one that counts its readings lets a busy machine learn as much as an idle one
    ticks = itertools.count(0, 60 * args.minutes / 400 / 2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("models.trainer.time", SimpleNamespace(monotonic=lambda: next(ticks)))
        fit(args, model, lesson, batches, {})
    return before, loss()


def test_the_detector_learns_what_only_the_right_hand_side_tells(tiny_base: Path, tmp_path: Path) -> None:
    rng = random.Random(0)
    rows: dict[str, list[list[int]]] = {"tokens": [], "places": [], "labels": [], "serious": [], "repeat": []}
    for _ in range(64):
        last = rng.choice((50, 51))  # the first word is garbled if the last token is 50
        rows["tokens"].append([0, 7, *(rng.randrange(10, 40) for _ in range(4)), last])
        rows["places"].append([0, 1, 0, 0, 0, 0, 0])
        rows["labels"].append([200 * (last == 50)])
        rows["serious"].append([rng.choice((200 * (last == 50), 255))])
        rows["repeat"].append([1])
    before, after = trained("detector", rows, tiny_base, tmp_path)
    assert before > 0.5 and after < 0.2
    assert set(checked(tmp_path / "out", "head")[0]) == set(Head(32).state_dict())
    assert len(checked(tmp_path / "out", "adapter")[0]) == 2 * 7 * 2


def test_the_corrector_learns_to_answer(tiny_base: Path, tmp_path: Path) -> None:
    rng = random.Random(0)
    rows: dict[str, list[list[int]]] = {"tokens": [], "parts": []}
    for _ in range(64):
        word = rng.randrange(10, 40)
        rows["tokens"].append([0, word, 41, 5, word, 5, 8])
        rows["parts"].append([0, 0, 0, 1, 1 + ANSWER, 2, 2 + ANSWER])
    before, after = trained("infill", rows, tiny_base, tmp_path)
    assert before > 2 and after < before / 2
    assert named_origin(tmp_path / "out") == origin(tiny_base)


def test_a_second_stage_goes_on_from_weights_that_were_kept(tiny_base: Path, tmp_path: Path) -> None:
    torch.manual_seed(0)
    model, other = base_model(tiny_base, "cpu"), base_model(tiny_base, "cpu")
    for parameter in lowrank.parameters(model.model.layers):
        nn.init.normal_(parameter)
    keep(tmp_path, model.model.layers, head := Head(32), {})
    options = [f"--base={tiny_base}", f"--out={tmp_path / 'out'}", "--minutes=0", f"--start={tmp_path}"]
    args = arguments("").parse_args(["--packed=x", *options])
    lesson = Lesson(lambda batch: (torch.zeros(()), torch.ones(())), Head(32))
    fit(args, other, lesson, iter([None]), {})
    assert lesson.extra is not None
    for one, two in ((model.model.layers, other.model.layers), (head, lesson.extra)):
        for a, b in zip(lowrank.parameters(one), lowrank.parameters(two), strict=True):
            assert torch.allclose(a, b, atol=1e-2)


@pytest.mark.parametrize("seed", range(40))
def test_wide_groups_mend_what_their_parts_do_and_keep_clear_of_what_nobody_knows(seed: int) -> None:
    text = "He go to a school of Rome yesterday and has see the minister of war there.\nShe left."
    edits = [Edit(Span(3, 5), "went"), Edit(Span(18, 20), "in"), Edit(Span(44, 47), "seen")]
    every, hidden = words(text), [Span(60, 63)]
    groups = wide(text, every, widen(every, edits), hidden, random.Random(seed))
    assert sorted(edit for _, some in groups for edit in some) == edits
    assert all(span.covers(edit.span) for span, some in groups for edit in some)
    spans = [span for span, _ in groups]
    assert all(one.end < other.start for one, other in itertools.pairwise(spans))
    assert not any(near(span, hidden[0]) or "\n" in span.of(text) for span in spans)

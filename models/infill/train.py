"""Trains the infilling adapter: LoRA (Hu et al. 2021) on the upper layers of the frozen base model.

Stops after `--minutes`; adapter and optimizer are kept every hundred steps, and a second run goes on from there.

    python -m models.infill.train --examples examples.jsonl --out models/infill --minutes 40
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from peft.utils import get_peft_model_state_dict, set_peft_model_state_dict
from safetensors.torch import load_file, save_file

from models.infill.examples import Task, tasks
from repair.lm.base import resolve
from repair.lm.marked import Marker
from repair.lm.model import LanguageModel
from repair.lm.tree import Tree, batch

RANK = 16
FIRST_LAYER = 10  # below it nothing is trained, so the backward pass stops there
TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
BATCH_TOKENS = 1600
LONGEST = 420
POOL = 256
DEV = 200


@dataclass(frozen=True, slots=True)
class Lesson:
    tree: Tree
    learned: tuple[int, ...]


def lora(layers: int, rank: int = RANK) -> LoraConfig:
    """The adapter's shape: every linear layer from FIRST_LAYER up."""
    return LoraConfig(
        r=rank,
        lora_alpha=2 * rank,
        target_modules=TARGETS,
        layers_to_transform=list(range(FIRST_LAYER, layers)),
        lora_dropout=0.0,
    )


def batches(lm: LanguageModel, some: Iterator[Task], rng: random.Random) -> Iterator[list[Lesson]]:
    """Batches of lessons, those of like length together."""
    marker = Marker(lm.tokenizer, lm.start)
    while pool := list(islice(some, POOL)):
        lessons = sorted(
            (one for task in pool if len((one := lesson(marker, task)).tree.tokens) <= LONGEST),
            key=lambda one: len(one.tree.tokens),
        )
        groups: list[list[Lesson]] = [[]]
        for one in lessons:
            if groups[-1] and len(one.tree.tokens) * (len(groups[-1]) + 1) > BATCH_TOKENS:
                groups.append([])
            groups[-1].append(one)
        rng.shuffle(groups)
        yield from groups


def lesson(marker: Marker, task: Task) -> Lesson:
    """The piece once, and below it every question with its answer; `learned` are the places of the answers' tokens."""
    marked = marker.mark(task.text, task.spans)
    tree = Tree()
    root = tree.add(-1, marked.tokens)
    learned = []
    for question, lead, new in zip(marked.questions, marked.leads, task.answers, strict=True):
        last = tree.add(root, question)
        begin = len(tree.tokens)
        tree.add(last, marker.answers(lead, [new])[0])
        learned += range(begin, len(tree.tokens))
    return Lesson(tree, tuple(learned))


def batch_loss(lm: LanguageModel, model: torch.nn.Module, some: list[Lesson]) -> tuple[torch.Tensor, int]:
    """Summed cross-entropy of the answers' tokens, and how many there are; only these are given a vocabulary."""
    ids, positions, mask = (part.to(lm.device) for part in batch([one.tree for one in some], lm.start))
    inner = model.base_model.model
    hidden = inner.model(input_ids=ids, attention_mask=mask, position_ids=positions, use_cache=False).last_hidden_state
    rows = torch.tensor([row for row, one in enumerate(some) for _ in one.learned], device=lm.device)
    columns = torch.tensor([at for one in some for at in one.learned], device=lm.device)
    before = torch.tensor([one.tree.parents[at] for one in some for at in one.learned], device=lm.device)
    logits = inner.lm_head(hidden[rows, before]).float()
    return torch.nn.functional.cross_entropy(logits, ids[rows, columns], reduction="sum"), len(rows)


def keep(model: torch.nn.Module, optimizer: torch.optim.Optimizer, out: Path, facts: dict) -> None:
    """Write the adapter (float16), its config with sha256, and the optimizer's state for a later run."""
    out.mkdir(parents=True, exist_ok=True)
    state = {name: value.half().contiguous() for name, value in get_peft_model_state_dict(model).items()}
    save_file(state, out / "adapter.safetensors")
    sha256 = hashlib.sha256((out / "adapter.safetensors").read_bytes()).hexdigest()
    settings = {"rank": RANK, "alpha": 2 * RANK, "first_layer": FIRST_LAYER, "targets": TARGETS}
    (out / "config.json").write_text(json.dumps({"settings": settings, "sha256": sha256, **facts}, indent=2) + "\n")
    torch.save({"optimizer": optimizer.state_dict(), **facts}, out / "checkpoint.pt")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=Path, required=True)
    parser.add_argument("--base", type=Path, help="folder of another model of the same family")
    parser.add_argument("--start", type=Path, help="folder of an adapter to begin with")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=40)
    parser.add_argument("--rate", type=float, default=6e-4)
    parser.add_argument("--device", default="cpu")
    args = parser.parse_args()
    torch.manual_seed(1)
    rng = random.Random(1)
    lm = LanguageModel(resolve(args.base), args.device)
    model = get_peft_model(lm.model, lora(lm.model.config.num_hidden_layers))
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=args.rate, weight_decay=0.0)
    lessons = tasks(args.examples, rng)
    dev = list(batches(lm, iter(list(islice(lessons, DEV))), rng))
    seen = 0
    if args.start:
        set_peft_model_state_dict(model, load_file(args.start / "adapter.safetensors"))
    if (args.out / "checkpoint.pt").exists():
        kept = torch.load(args.out / "checkpoint.pt", weights_only=True)
        optimizer.load_state_dict(kept["optimizer"])
        set_peft_model_state_dict(model, load_file(args.out / "adapter.safetensors"))
        seen = kept["pieces"]
        next(islice(lessons, seen, seen), None)
    begun, spent, step, total, count = time.monotonic(), 0.0, 0, 0.0, 0
    for some in batches(lm, lessons, rng):
        spent = (time.monotonic() - begun) / 60
        if spent > args.minutes:
            break
        warm = min(1.0, (step + 1) / 50)
        for group in optimizer.param_groups:  # linear decay over the time that is left
            group["lr"] = args.rate * warm * max(0.05, 1 - spent / args.minutes)
        loss, tokens = batch_loss(lm, model, some)
        (loss / tokens).backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        step, seen, total, count = step + 1, seen + len(some), total + float(loss.detach()), count + tokens
        if step % 100 == 0:
            with torch.inference_mode():
                results = [batch_loss(lm, model, held) for held in dev[:8]]
            dev_loss = sum(float(loss) for loss, _ in results) / sum(n for _, n in results)
            print(
                f"step {step}: {spent:.1f} min, {seen} pieces, loss {total / count:.3f}, dev {dev_loss:.3f}",
                flush=True,
            )
            total, count = 0.0, 0
            keep(model, optimizer, args.out, {"pieces": seen, "minutes": round(spent, 1)})
    keep(model, optimizer, args.out, {"pieces": seen, "minutes": round(spent, 1)})


if __name__ == "__main__":
    main()

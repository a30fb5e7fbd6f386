"""Trains the detector's head on the features that `models.head.features` keeps on disk.

python -m models.head.train --features features/ --out models/head --epochs 4
"""

from __future__ import annotations

import argparse
import random
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from sklearn.metrics import roc_auc_score
from torch import nn

from repair.lm.head import Head, load, save
from repair.lm.model import fitting

DEV_SHARDS = 4  # the last shards are never trained on
BATCH_WORDS = 3000
CLEAN = "-clean"


@dataclass(frozen=True, slots=True)
class Window:
    kind: str
    states: np.ndarray  # a view into the shard's file
    scalars: np.ndarray
    labels: np.ndarray


def windows(stem: Path) -> Iterator[Window]:
    small = np.load(stem.with_suffix(".npz"))
    states = np.load(stem.with_suffix(".npy"), mmap_mode="r")
    start = 0
    for kind, length in zip(small["kinds"], small["lengths"], strict=True):
        if length:
            part = slice(start, start + length)
            yield Window(str(kind), states[part], small["scalars"][part], small["labels"][part])
        start += length


def batches(items: list[Window], rng: random.Random) -> Iterator[list[Window]]:
    """Windows of like length together, about BATCH_WORDS words a batch, in random order."""
    order = sorted(items, key=lambda w: len(w.labels) * rng.uniform(0.8, 1.25))
    groups: list[list[Window]] = [[]]
    for item in order:
        if groups[-1] and len(item.labels) * (len(groups[-1]) + 1) > BATCH_WORDS:
            groups.append([])
        groups[-1].append(item)
    rng.shuffle(groups)
    yield from groups


def tensors(batch: list[Window]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    def padded(arrays: list[np.ndarray]) -> torch.Tensor:
        return nn.utils.rnn.pad_sequence(
            [torch.from_numpy(np.array(a, dtype=np.float32)) for a in arrays], batch_first=True
        )

    mask = padded([np.ones(len(w.labels)) for w in batch])
    return (
        padded([w.states for w in batch]),
        padded([w.scalars for w in batch]),
        mask,
        padded([w.labels for w in batch]),
    )


@torch.inference_mode()
def evaluate(head: Head, items: list[Window]) -> dict[str, float]:
    """Word AUC by kind, and recall on damaged news where clean news has 2, 5 and 15 flagged words per 1,000."""
    head.eval()
    scores: dict[str, list[np.ndarray]] = defaultdict(list)
    labels: dict[str, list[np.ndarray]] = defaultdict(list)
    for item in items:
        states, scalars, mask, _ = tensors([item])
        scores[item.kind].append(head(states, scalars, mask)[0].sigmoid().numpy())
        labels[item.kind].append(item.labels)
    result = {}
    for kind in sorted(scores):
        if not kind.endswith(CLEAN):
            result[f"auc {kind}"] = roc_auc_score(np.concatenate(labels[kind]) >= 0.5, np.concatenate(scores[kind]))
    clean = np.sort(np.concatenate([s for kind in scores if kind.endswith(CLEAN) for s in scores[kind]]))[::-1]
    for kind in ("bbc-damaged", "newstest-damaged", "mqm", "mlqe-ro-en"):
        bad, score = np.concatenate(labels[kind]) >= 0.5, np.concatenate(scores[kind])
        for flags in (2, 5, 15):
            threshold = clean[int(len(clean) * flags / 1000)]
            hit = score > threshold
            result[f"{kind} at {flags}"] = f"P {bad[hit].mean():.2f} R {hit[bad].mean():.2f} (t {threshold:.2f})"
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--features", type=Path, nargs="+", required=True)
    parser.add_argument("--start", type=Path, help="a head to go on from")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--rate", type=float, default=7e-4)
    parser.add_argument("--width", type=int, default=256)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    rng = random.Random(args.seed)
    folders = [sorted(path.with_suffix("") for path in folder.glob("*.npz")) for folder in args.features]
    train = [window for stems in folders for stem in stems[DEV_SHARDS:] for window in windows(stem)]
    dev = [window for stems in folders for stem in stems[:DEV_SHARDS] for window in windows(stem)]
    head = (
        load(args.start) if args.start else Head(hidden=train[0].states.shape[1] // 4, width=args.width, dropout=0.15)
    )
    if not args.start:
        every = np.concatenate([window.scalars for window in train[:3000]])
        head.mean.copy_(torch.from_numpy(every.mean(0)))
        head.scale.copy_(torch.from_numpy(every.std(0) + 1e-3))
    optimizer = torch.optim.AdamW(head.parameters(), lr=args.rate, weight_decay=0.02)
    steps = args.epochs * sum(1 for _ in batches(train, random.Random(0)))
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, args.rate, total_steps=steps + args.epochs * 20, pct_start=0.1
    )
    words = sum(len(window.labels) for window in train)
    print(f"{len(train)} windows, {words} words, {steps} steps, {sum(p.numel() for p in head.parameters())} weights")
    for epoch in range(args.epochs):
        begun, total, count = time.monotonic(), 0.0, 0
        head.train()
        for batch in batches(train, rng):
            states, scalars, mask, labels = tensors(batch)
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=fitting("cpu") == torch.bfloat16):
                logits = head(states, scalars, mask)
            loss = nn.functional.binary_cross_entropy_with_logits(logits.float(), labels, weight=mask, reduction="sum")
            optimizer.zero_grad()
            (loss / mask.sum()).backward()
            nn.utils.clip_grad_norm_(head.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total, count = total + float(loss.detach()), count + int(mask.sum())
            if count // 100_000 > (count - int(mask.sum())) // 100_000:
                print(f"  {count} words, loss {total / count:.4f}, {time.monotonic() - begun:.0f} s", flush=True)
        print(f"epoch {epoch + 1}: loss {total / count:.4f}, {time.monotonic() - begun:.0f} s", flush=True)
        for name, value in evaluate(head, dev).items():
            print(f"  {name}: {value if isinstance(value, str) else round(value, 4)}", flush=True)
        save(head, args.out, words=words, epochs=epoch + 1)


if __name__ == "__main__":
    main()

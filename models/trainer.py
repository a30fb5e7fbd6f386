"""The training loop that detector and corrector share: bounded by minutes, resumable, the same on a CPU and a GPU."""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import queue
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import torch
from safetensors.torch import load_file, save_file
from torch import nn

from models import lowrank
from repair.lm.base import resolve
from repair.lm.origin import origin

REPORT = 50  # steps between lines in the log
KEEP = 5.0  # minutes between checkpoints
AHEAD = 8  # batches that are made before they are needed


@dataclass(frozen=True, slots=True)
class Lesson:
    """How to learn from a batch: its summed loss and how much it is summed over; and what stands beside the adapter."""

    loss: Callable[[Any], tuple[torch.Tensor, torch.Tensor]]
    extra: nn.Module | None = None


def arguments(what: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=what)
    parser.add_argument("--packed", type=Path, required=True)
    parser.add_argument("--base", type=Path, help="folder of another model of the same family")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--start", type=Path, help="folder of trained weights to go on from, as in a second stage")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--warm", type=int, default=100, help="steps in which the rate rises")
    parser.add_argument("--tokens", type=int, default=1600, help="tokens a step; a GPU wants some 30,000")
    parser.add_argument("--device", default="cpu")
    return parser


def base_model(folder: Path | None, device: str) -> Any:
    """The base model with an untrained adapter. In bfloat16 where the device multiplies that fast."""
    from transformers import AutoModelForCausalLM

    from repair.lm.model import fitting

    folder = folder or resolve()
    if device.startswith("cuda"):
        torch.backends.cuda.matmul.allow_tf32 = True
    model: Any = AutoModelForCausalLM.from_pretrained(folder, dtype=fitting(device))
    model.to(device)
    model.requires_grad_(False)
    lowrank.adapt(model.model.layers)
    return model


def fit(args: argparse.Namespace, model: Any, lesson: Lesson, batches: Iterator[Any], facts: dict[str, Any]) -> None:
    """Learn from `batches` for `args.minutes`, those before a checkpoint counted in; keeps the result in `args.out`."""
    layers = model.model.layers
    trained = [*lowrank.parameters(layers), *(lesson.extra.parameters() if lesson.extra else ())]
    optimizer = torch.optim.AdamW(trained, lr=args.rate, weight_decay=0.01, betas=(0.9, 0.98))
    if args.start:
        restore(args.start, layers, lesson.extra)
    step, before = resume(args.out, layers, lesson.extra, optimizer)
    facts = {"base": msgspec.to_builtins(origin(args.base or resolve())), **facts}
    begun = kept = time.monotonic()
    total = torch.zeros(2, device=args.device)
    for batch in prefetched(batches):
        spent = before + (time.monotonic() - begun) / 60
        if spent >= args.minutes:
            break
        for group in optimizer.param_groups:
            group["lr"] = args.rate * min(1.0, (step + 1) / args.warm) * decay(spent / args.minutes)
        loss, count = lesson.loss(batch)
        (loss / count).backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        total += torch.stack([loss.detach(), count])
        step += 1
        if step % REPORT == 0:
            print(f"step {step}: {spent:.1f} min, loss {float(total[0] / total[1]):.4f}", flush=True)
            total.zero_()
        if time.monotonic() - kept > 60 * KEEP:
            kept = time.monotonic()
            keep(args.out, layers, lesson.extra, {**facts, "steps": step, "minutes": round(spent, 1)})
            torch.save({"optimizer": optimizer.state_dict(), "step": step, "spent": spent}, args.out / "checkpoint.pt")
    keep(args.out, layers, lesson.extra, {**facts, "steps": step, "minutes": round(args.minutes, 1)})


def decay(share: float) -> float:
    """The learning rate's factor after this share of the time: half a cosine."""
    return 0.5 * (1 + math.cos(math.pi * min(share, 1.0)))


def prefetched(batches: Iterator[Any]) -> Iterator[Any]:
    """The same batches, made by a thread while the model is busy."""
    ready: queue.Queue[Any] = queue.Queue(AHEAD)

    def work() -> None:
        for batch in batches:
            ready.put(batch)
        ready.put(None)

    threading.Thread(target=work, daemon=True).start()
    while (batch := ready.get()) is not None:
        yield batch


def resume(
    out: Path, layers: nn.ModuleList, extra: nn.Module | None, optimizer: torch.optim.Optimizer
) -> tuple[int, float]:
    """Steps done and minutes spent by the run that left a checkpoint in `out`."""
    if not (out / "checkpoint.pt").exists():
        return 0, 0.0
    former = torch.load(out / "checkpoint.pt", weights_only=True)
    optimizer.load_state_dict(former["optimizer"])
    restore(out, layers, extra)
    return former["step"], former["spent"]


def restore(folder: Path, layers: nn.ModuleList, extra: nn.Module | None) -> None:
    """Take up the weights that `keep` wrote."""
    lowrank.restore(layers, load_file(folder / "adapter.safetensors"))
    if extra is not None:
        extra.load_state_dict({name: value.float() for name, value in load_file(folder / "head.safetensors").items()})


def keep(out: Path, layers: nn.ModuleList, extra: nn.Module | None, facts: dict[str, Any]) -> None:
    """Write the weights (float16) and `config.json` with their sha256."""
    out.mkdir(parents=True, exist_ok=True)
    tensors = {"adapter": lowrank.state(layers)}
    if extra is not None:
        tensors["head"] = {name: value.detach().half().cpu() for name, value in extra.state_dict().items()}
    for name, state in tensors.items():
        save_file(state, out / f"{name}.safetensors")
    hashes = {name: hashlib.sha256((out / f"{name}.safetensors").read_bytes()).hexdigest() for name in tensors}
    config = {"sha256": hashes, "rank": lowrank.RANK, "scale": lowrank.SCALE, **facts}
    (out / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")

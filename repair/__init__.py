"""Finds and fixes what machine translation did to English news.

    import repair

    report = repair.fix("The two leaders met in Paris, one officials said.")
    report.output, report.applied, report.not_applied

Everything here is imported on first use, so that `import repair` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from repair.config import Config
    from repair.findings import Report
    from repair.inputs import Item
    from repair.pipeline import Repairer

__all__ = ["Config", "Item", "Repairer", "Report", "__version__", "check", "fix"]
__version__ = "0.1.0"

_HOMES = {"Config": "config", "Item": "inputs", "Repairer": "pipeline", "Report": "findings"}


def check(text: str, *, name: str = "", word_scores: bool = False, source: str = "", **settings: Any) -> Report:
    """The garbled spans of `text`, as `repair check` finds them; the text is not changed.

    `settings` are fields of `Config` (`threshold=0.9`, `no_model=True`); the rest comes from `repair.toml` and the
    environment, as on the command line. With `word_scores` the report has a probability in [0, 1] for every
    whitespace-separated word; with the `source` that the text was translated from it also says what only the two show.
    The model stays loaded for the next call with the same settings; `Repairer` keeps several and works on batches.
    Raises RepairError (`repair.errors`).
    """
    return _repairer(settings).check(text, name=name, word_scores=word_scores, source=source)


def fix(text: str, *, name: str = "", source: str = "", **settings: Any) -> Report:
    """`text` with every repair that is safe applied (`report.output`), as `repair fix` does. Settings as in `check`."""
    return _repairer(settings).fix(text, name=name, source=source)


_kept: list[tuple[Config, Repairer]] = []


def _repairer(settings: dict[str, Any]) -> Repairer:
    import os

    from repair.config import load_config
    from repair.pipeline import Repairer

    config = load_config(environ=os.environ, overrides=settings)
    if not _kept or _kept[0][0] != config:
        _kept[:] = [(config, Repairer(config))]
    return _kept[0][1]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"repair.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'repair' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)

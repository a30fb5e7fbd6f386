"""Loads torch, and what reads with it, for all workers of an archive that have the model (see `preload`)."""

import repair.lm.lean

repair.lm.lean.leave_out_unused()  # before it is imported

import repair.lm.infill  # noqa: E402
import repair.lm.reader  # noqa: E402

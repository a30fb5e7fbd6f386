"""Loads torch, and what reads with it, in the process that others with the model are forked from."""

import repair.lm.lean

repair.lm.lean.leave_out_unused()  # before it is imported

import repair.lm.infill  # noqa: E402
import repair.lm.reader  # noqa: E402

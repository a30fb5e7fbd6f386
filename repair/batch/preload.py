"""Loads what all workers of an archive need. The process that they are forked from imports it, so that they share it.

Only what does not depend on the settings: the tables that rules, corrector and gate read.
"""

from repair import senses
from repair.config import Config
from repair.cores import wait_quietly
from repair.correct import pivots
from repair.pipeline import Repairer

wait_quietly()  # before torch is imported
Repairer(Config(no_model=True)).fix("One officials said that that talks with SH.BA will go on.")
pivots.table()
pivots.frequency("talk")
senses.table()

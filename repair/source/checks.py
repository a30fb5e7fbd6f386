"""The checks that are made where there is a source. What each was right in is in docs/source.md."""

from __future__ import annotations

from repair.source.check import Check
from repair.source.names import name_differs
from repair.source.negation import negation_gained, negation_lost
from repair.source.numbers import numbers_differ, numbers_missing
from repair.source.quotes import quotation_lost
from repair.source.sentences import left_untranslated, sentence_added, sentence_left_out
from repair.source.units import date_differs, unit_differs

# Of two that clash the first stays.
CHECKS = (
    Check("number", "accuracy/number", "critical", numbers_differ),
    Check("number-missing", "accuracy/number", "critical", numbers_missing),
    Check("date", "accuracy/date", "critical", date_differs),
    Check("unit", "accuracy/unit", "critical", unit_differs),
    Check("name", "accuracy/name", "critical", name_differs),
    Check("negation-lost", "accuracy/negation", "critical", negation_lost),
    Check("negation-gained", "accuracy/negation", "critical", negation_gained),
    Check("omission", "accuracy/omission", "major", sentence_left_out),
    Check("addition", "accuracy/addition", "major", sentence_added),
    Check("untranslated", "accuracy/untranslated", "major", left_untranslated),
    Check("quotation", "accuracy/quotation", "major", quotation_lost),
)

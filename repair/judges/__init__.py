"""The second look: is a doubtful span garbled, would an editor take a wording? Logistic regressions decide.

`look` turns the detector's doubts into findings, by `spans` and, beside a source, `source`; `wordings` rates what the
corrector proposes. `fitted` reads their numbers, `thresholds` says from which probability on something is done.
"""

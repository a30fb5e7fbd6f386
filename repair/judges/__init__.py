"""The second look: is a doubtful span garbled, and would an editor take a wording? Two logistic regressions."""

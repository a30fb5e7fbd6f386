"""The running API against its own description: whatever is sent, every answer is one that the description names."""

from __future__ import annotations

import warnings
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of the libraries that it imports
    import schemathesis
    from schemathesis import GenerationMode
    from schemathesis.checks import load_all_checks
    from schemathesis.core.result import Ok
    from schemathesis.specs.openapi.checks import positive_data_acceptance

    load_all_checks()


@pytest.mark.slow
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_every_answer_is_as_described(address: str, mode: GenerationMode) -> None:
    asked: set[tuple[str, int]] = set()
    for operation in schemathesis.openapi.from_url(f"{address}/openapi.json").get_all_operations():
        assert isinstance(operation, Ok)

        @settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
        @given(case=operation.ok().as_strategy(generation_mode=mode))
        def ask(case: schemathesis.Case[Any]) -> None:
            # What makes a good form or a good file is more than a schema can say.
            beyond = case.path in ("/v2/check", "/api/document", "/api/document/edited")
            answer = case.call_and_validate(excluded_checks=[positive_data_acceptance] if beyond else [])
            asked.add((case.path, answer.status_code))

        with suppress(Unsatisfiable):  # nothing wrong can be sent where nothing is asked for
            ask()
    assert {path for path, _ in asked} > {"/api/check", "/api/fix", "/v2/check", "/v2/words", "/v2/words/add"}
    assert ("/api/check", 400 if mode.is_negative else 200) in asked
    assert ("/v2/check", 400 if mode.is_negative else 200) in asked
    assert all(status < 500 for _, status in asked)

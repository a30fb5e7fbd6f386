"""The encoder-decoder back end, with a small real T5 and tokenizer made here, and with a rewriter that we know."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from repair.config import Config
from repair.correct.rewriting import RewritingCorrector
from repair.errors import ModelError
from repair.findings import Finding
from repair.pipeline import Repairer
from repair.segment import read_document
from repair.text import Span

FUTURE = "The minister was far less future with his views on the war than his colleagues, officials said.\n"


class Known:
    """Rewrites from a table."""

    name = "known"

    def __init__(self, table: dict[str, str]) -> None:
        self.table = table

    def rewrite(self, sentences: Sequence[str]) -> list[str]:
        return [self.table[sentence] for sentence in sentences]


def found(text: str, *garbled: str) -> list[Finding]:
    spans = [Span(text.index(word), text.index(word) + len(word)) for word in garbled]
    return [Finding(span, "accuracy/mistranslation", "major", 0.9, "why", "lm") for span in spans]


def test_only_edits_at_findings_become_suggestions() -> None:
    text = "Trump's high diplomat sits with Lavrov in Riyadh. It rained."
    findings = found(text, "high")
    table = {"Trump's high diplomat sits with Lavrov in Riyadh.": "Trump's top diplomat sits with Lavrov in Jeddah."}
    (finding,) = RewritingCorrector(Known(table)).propose(read_document(text), findings)
    assert [s.text for s in finding.suggestions] == ["top"]


def test_a_finding_grows_to_hold_an_edit_whole() -> None:
    text = "She was far less future with her views."
    corrector = RewritingCorrector(Known({text: "She was far less open about her views."}))
    (finding,) = corrector.propose(read_document(text), found(text, "future"))
    suggestion = finding.suggestions[0].text
    assert text[: finding.span.start] + suggestion + text[finding.span.end :] in (
        "She was far less open with her views.",
        "She was far less open about her views.",
    )


def test_a_sentence_that_comes_back_unchanged_gives_no_suggestion() -> None:
    text = "Nothing is wrong here."
    findings = found(text, "wrong")
    assert RewritingCorrector(Known({text: text})).propose(read_document(text), findings) == findings


@pytest.mark.slow
def test_a_real_encoder_decoder_loads_and_rewrites(tmp_path: Path) -> None:
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast, T5Config, T5ForConditionalGeneration

    from repair.lm.seq2seq import Rewriter

    inner = Tokenizer(models.BPE(unk_token="<unk>"))
    inner.pre_tokenizer = pre_tokenizers.ByteLevel()
    inner.train_from_iterator(["The talks ended."], trainers.BpeTrainer(special_tokens=["<pad>", "</s>", "<unk>"]))
    tokenizer = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=inner, pad_token="<pad>", eos_token="</s>", unk_token="<unk>"
    )
    config = T5Config(  # type: ignore[call-arg]
        vocab_size=len(tokenizer), d_model=16, d_kv=8, d_ff=32, num_layers=1, num_heads=2, decoder_start_token_id=0
    )
    T5ForConditionalGeneration(config).save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    rewriter = Rewriter(str(tmp_path), "cpu")
    once = rewriter.rewrite(["The talks ended.", "The talks"])
    assert len(once) == 2 and once == rewriter.rewrite(["The talks ended.", "The talks"])
    report = Repairer(Config(model=str(tmp_path))).fix(FUTURE)
    (finding,) = report.findings
    assert finding.source == "lm" and "future" in finding.span.of(FUTURE)
    assert f"model:{tmp_path}" in report.signature.split("|") and "infill:" not in report.signature
    assert report.output == FUTURE, "nothing of a model that is not calibrated is applied"


def test_a_folder_without_a_model_is_a_clear_error(tmp_path: Path) -> None:
    from repair.lm.seq2seq import Rewriter

    with pytest.raises(ModelError, match="cannot load this encoder-decoder"):
        Rewriter(str(tmp_path), "cpu")

"""The base model as it comes, untrained, asked in plain words to correct each sentence."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.peers.base import Answer, edits_as_marks
from repair.edits import diff
from repair.lm.base import resolve
from repair.lm.model import Pretrained
from repair.segment import read_document
from repair.text import Document

PROMPT = "Correct the English of this sentence from a news article. Answer with the corrected sentence only.\n\n"
BATCH = 16
ROOM = 1.4  # how much longer than the sentence the answer may get


class Prompted:
    """Greedy decoding, sentences of like length together. Raises ModelError where the base model is not installed."""

    name = "base model, prompted"

    def __init__(self) -> None:
        folder = resolve()
        self._lm = Pretrained(folder)
        self.signature = f"base:{folder.name}|prompt:correct-sentence|decoding:greedy|batch:{BATCH}"
        self._known: dict[str, str] = {}

    def check(self, texts: Sequence[str]) -> list[Answer]:
        documents = [read_document(text, "") for text in texts]
        self._learn({s.of(d.text).strip() for d in documents for s in d.sentences} - self._known.keys() - {""})
        return [self._answer(document) for document in documents]

    fix = check

    def close(self) -> None:
        pass

    def _learn(self, sentences: set[str]) -> None:
        ordered = sorted(sentences, key=lambda sentence: (len(sentence), sentence))
        for start in range(0, len(ordered), BATCH):
            batch = ordered[start : start + BATCH]
            self._known.update(zip(batch, self.rewrite(batch), strict=True))

    def _answer(self, document: Document) -> Answer:
        output = ""
        for span in document.sentences:
            sentence = span.of(document.text)
            core = sentence.strip()
            answer = self._known.get(core)
            output += sentence.replace(core, answer, 1) if answer else sentence
        return Answer(output, diff(document.text, output), edits_as_marks(document.text, output))

    def rewrite(self, sentences: Sequence[str]) -> list[str]:
        """The model's answer for each sentence, generated as one batch padded on the left."""
        import torch

        tokenizer, model = self._lm.tokenizer, self._lm.model
        prompts = [
            tokenizer.apply_chat_template(
                [{"role": "user", "content": PROMPT + sentence}], tokenize=False, add_generation_prompt=True
            )
            for sentence in sentences
        ]
        tokenizer.padding_side = "left"
        tokenizer.pad_token = tokenizer.eos_token
        batch = tokenizer(prompts, return_tensors="pt", padding=True, add_special_tokens=False).to(model.device)
        room = int(ROOM * max(len(tokenizer(s).input_ids) for s in sentences)) + 8
        with torch.inference_mode():
            made = model.generate(
                **batch, max_new_tokens=room, do_sample=False, pad_token_id=tokenizer.eos_token_id, temperature=None
            )
        answers = tokenizer.batch_decode(made[:, batch["input_ids"].shape[1] :], skip_special_tokens=True)
        return [answer.strip() for answer in answers]

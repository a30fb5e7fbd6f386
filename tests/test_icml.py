"""Stories of InCopy: paragraphs are read, and every byte outside the edits stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from repair.cli import main
from repair.formats import format_of
from repair.formats.errors import FormatError

STORY = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<?aid style="50" type="snippet" readerVersion="6.0" featureSet="513" product="8.0(370)" ?>
<Document DOMVersion="8.0" Self="d">
 <Story Self="u1"><StoryPreference OpticalMarginAlignment="false"/>
  <ParagraphStyleRange AppliedParagraphStyle="ParagraphStyle/Headline">
   <Properties><Leading type="unit">the the .</Leading></Properties>
   <CharacterStyleRange><Content>Talks &amp; more in Paris</Content><Br/></CharacterStyleRange>
  </ParagraphStyleRange>
  <ParagraphStyleRange AppliedParagraphStyle="ParagraphStyle/Body">
   <CharacterStyleRange><Content>He met the the man</Content></CharacterStyleRange>
   <CharacterStyleRange FontStyle="Bold"><Content> of old</Content><Footnote><ParagraphStyleRange>
    <CharacterStyleRange><Content>In a note , they met.</Content></CharacterStyleRange></ParagraphStyleRange></Footnote>
    <Content> days .</Content><Br/></CharacterStyleRange>
   <CharacterStyleRange><Change ChangeType="DeletedText"><Content>It was was so .</Content><Br/></Change>
    <Note><ParagraphStyleRange><CharacterStyleRange><Content>see see this .</Content></CharacterStyleRange>
    </ParagraphStyleRange></Note><Change ChangeType="InsertedText"><Content>They left the the town .</Content></Change>
   </CharacterStyleRange>
  </ParagraphStyleRange>
  <ParagraphStyleRange AppliedParagraphStyle="ParagraphStyle/Pull quote">
   <CharacterStyleRange><Content>We met the the man .</Content><Br/></CharacterStyleRange>
  </ParagraphStyleRange>
  <ParagraphStyleRange>
   <CharacterStyleRange AppliedLanguage="$ID/German: 2006 Reform"><Content>Es war war so .</Content>
   </CharacterStyleRange>
   <CharacterStyleRange AppliedLanguage="$ID/English: UK"><Content> It was .</Content></CharacterStyleRange>
  </ParagraphStyleRange>
 </Story>
</Document>
"""


def test_what_is_read() -> None:
    story, note = (part.view for part in format_of("icml").read(STORY.encode()))
    assert story.text.split("\n\n") == [
        "Talks & more in Paris", "He met the the man of old days .", "They left the the town .", "We met the the man .",
        "Es war war so . It was .",
    ]  # fmt: skip
    assert note.text == "In a note , they met."
    kinds = [block.kind for block in story.blocks]
    assert kinds == ["heading", "paragraph", "paragraph", "quote", "paragraph"]
    assert [(one.language, one.span.of(story.text)) for one in story.foreign] == [("german", "Es war war so .")]


def test_only_english_prose_changes(tmp_path: Path) -> None:
    path = tmp_path / "a.icml"
    path.write_text(STORY, encoding="utf-8", newline="")
    assert main(["fix", "--no-model", "--exit-zero", "--in-place", str(path)]) == 0
    assert path.read_text(encoding="utf-8") == (
        STORY.replace("He met the the man", "He met the man")
        .replace("days .", "days.")
        .replace("In a note , they", "In a note, they")
        .replace("They left the the town .", "They left the town.")
        .replace("It was .</C", "It was.</C")
    )


def test_what_is_anchored_in_a_line_has_its_place() -> None:
    line = "<Content>See </Content><Rectangle Self='u2'><Image/></Rectangle><Content>, then leave.</Content>"
    (part,) = format_of("icml").read(f"<Document><Story>{line}</Story></Document>".encode())
    assert part.view.text == "See \ufffc, then leave."


def test_nothing_found_nothing_changed_and_no_story_is_told(tmp_path: Path) -> None:
    sound = '<Document><Story><Content Self="a">All is well &#38; good.</Content></Story></Document>'
    path = tmp_path / "a.icml"
    path.write_text(sound, encoding="utf-8")
    assert main(["fix", "--no-model", "--in-place", str(path)]) == 0
    assert path.read_text(encoding="utf-8") == sound
    with pytest.raises(FormatError, match="not well-formed XML"):
        format_of("icml").read(b"<Document><Story>")

"""The source that a text was translated from: aligned with the translation, and what only the two together show."""

"""Archives: read, repaired where it is safe, journaled, stopped and resumed, audited and reverted."""

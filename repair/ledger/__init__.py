"""What keeps coming back in an archive, and decisions about it that become house rules."""

"""What a destroyed stack leaves, and that a sweep removes it."""

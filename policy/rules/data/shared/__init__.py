"""What the rules share that are about data: the buckets that serve several regions."""

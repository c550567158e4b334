"""What the rules about data share: the buckets that serve several regions."""

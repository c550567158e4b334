"""What the rules about the API share: its schema, whom it lets in, its code, its roles and its secrets."""

"""What the rules share that are about the API: its schema, whom it lets in, its roles and its secrets."""

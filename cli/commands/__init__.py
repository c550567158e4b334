"""The commands that operate a deployed stack, a file each."""

"""What the rules about DNS share: the records that the router asks, their health checks, and the regions' hosts."""

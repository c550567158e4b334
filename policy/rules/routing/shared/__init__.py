"""What the rules share that are about DNS: the records that the router asks, their health checks, and the regions' hosts."""

"""What the rules share that are about the edge: the router's behaviours, their origins, and the certificate that viewers see."""

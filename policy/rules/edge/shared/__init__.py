"""What the rules about the edge share: the router's behaviours, their origins, and the certificate that viewers see."""

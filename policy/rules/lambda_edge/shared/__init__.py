"""What the rules share that are about Lambda@Edge: the functions that CloudFront runs, and what it does not let them have."""

"""What the rules about Lambda@Edge share: the functions that CloudFront runs, and what it does not let them have."""

"""CloudFront's data plane: edge locations that do what the deployed distributions' configuration says."""

"""What the rules about regions share: the deployment, what stands for what in it, and what refers to what."""

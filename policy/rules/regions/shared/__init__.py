"""What the rules share that are about the regions: the deployment, what stands for what in it, and what refers to what."""

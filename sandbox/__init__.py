"""AWS on this machine: the control plane, the DNS, the edge locations and the regions that a stack is deployed to."""

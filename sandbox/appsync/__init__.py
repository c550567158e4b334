"""AppSync's data plane: custom domains, authorization and execution of the APIs that AppSync holds."""

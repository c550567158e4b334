"""What the rules of several groups are made with; what one group alone needs lies in its own folder `shared`.

Read in this order:

- `rule`: how a rule is made of subjects and a judge, and what people are told of it.
- `verdict`: what a judge yields, and how the engine is told.
- `stack`: the resources, their regions, and what they refer to.
- `known`: properties of which a preview may not know all.
- `marks`: what the program marks as secret.
- `mending`: what a remediation is given, and what it gives back.
- `kinds`: the types of resources.

The active/active design, as it is found in any program:

- `code`: the texts of functions, as far as the engine shows them.
- `routing_code`: what in such a text says that the function is a router.
- `origin`: the origins of distributions, and the groups of them.
- `router`: the behaviours that carry the router.
- `table`: the regions that the router sends requests to.
- `design`: the resources of a stack that has a router, and of one that is protected.

What AWS's resources say:

- `certificate`: the names and the region of ACM's.
- `documents`: IAM's policy documents.
- `global_tables`: DynamoDB's tables and their replicas.
- `records`: Route 53's records and zones.
"""

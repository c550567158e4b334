"""ARNs written from names, which a preview knows: a policy can then be read before anything in it exists.

Source: "Actions, resources, and condition keys for AWS services" in the Service Authorization Reference.
"""

import pulumi


def function(region: str, account_id: pulumi.Input[str], name: pulumi.Input[str]) -> pulumi.Output[str]:
    return pulumi.Output.concat(f"arn:aws:lambda:{region}:", account_id, ":function:", name)


def log_streams(region: str, account_id: pulumi.Input[str], group: pulumi.Input[str]) -> pulumi.Output[str]:
    """All streams of a log group."""
    return pulumi.Output.concat(f"arn:aws:logs:{region}:", account_id, ":log-group:", group, ":*")


def queue(region: str, account_id: pulumi.Input[str], name: pulumi.Input[str]) -> pulumi.Output[str]:
    return pulumi.Output.concat(f"arn:aws:sqs:{region}:", account_id, ":", name)


def event_rule(
    region: str, account_id: pulumi.Input[str], bus: pulumi.Input[str], name: pulumi.Input[str]
) -> pulumi.Output[str]:
    return pulumi.Output.concat(f"arn:aws:events:{region}:", account_id, ":rule/", bus, "/", name)

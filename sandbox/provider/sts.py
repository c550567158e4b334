"""STS: who calls."""

from sandbox.provider.resource import Aws, Properties


def get_caller_identity(aws: Aws, _: Properties) -> Properties:
    caller = aws("sts").get_caller_identity()
    return {
        "accountId": caller["Account"],
        "arn": caller["Arn"],
        "userId": caller["UserId"],
        "id": caller["Account"],
    }

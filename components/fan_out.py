"""What tells a region's subscribers of the changes in its tables, wherever they were written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import iam
from components.api_endpoint import ApiEndpoint
from components.dead_letters import DeadLetters, DeadLettersArgs
from components.packages import Package
from components.regional_function import RegionalFunction, RegionalFunctionArgs

_TIMEOUT = 60  # seconds; more than twice what one change can take, so that a batch always gets an answer
_BATCH = 100  # records
# The function itself sets aside what can never be published, so what is retried is an endpoint that is away: for as
# long as anybody would want to be told of a change, and not until the stream forgets it.
_LONGEST_RETRY = 3600  # seconds
_MOST_RETRIES = 10_000  # Lambda's largest: time, not their number, ends them

_READ_STREAM = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"]


@dataclass(frozen=True, kw_only=True)
class FanOutArgs:
    """`fields` are the mutations that publish; `streams` the ARNs of the published tables' streams, by table.

    `domain` is the stack's, by which its metrics are told from others'. `topic` is told of changes that nobody could be
    told of.
    """

    domain: str
    endpoint: ApiEndpoint
    package: Package
    fields: Sequence[str]
    streams: Mapping[str, pulumi.Input[str]]
    topic: pulumi.Input[str]


class FanOut(pulumi.ComponentResource):
    """Each stream -> one function -> publish mutations of the region's own API -> the region's subscribers.

    Replication brings every write to every region's stream, so each region tells its own subscribers and no other
    region's.
    """

    function_name: pulumi.Output[str]
    dead_letters: pulumi.Output[str]  # the queue's URL
    letters: DeadLetters

    def __init__(self, name: str, args: FanOutArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("antipodes:index:FanOut", name, {}, opts)
        region = args.endpoint.region.name
        child_opts = pulumi.ResourceOptions(parent=self)
        letters = DeadLetters(
            f"{name}-letters",
            DeadLettersArgs(what="changes that could not be published", region=region, topic=args.topic),
            child_opts,
        )
        streams = {table: _required(stream, table, region) for table, stream in args.streams.items()}
        function = RegionalFunction(
            f"{name}-publish",
            RegionalFunctionArgs(
                region=region,
                account_id=args.endpoint.account_id,
                package=args.package,
                handler="fan_out.handler.handler",
                timeout=_TIMEOUT,
                environment={
                    "GRAPHQL_URL": args.endpoint.graphql_url,
                    "DEAD_LETTERS": letters.url,
                    "DOMAIN": args.domain,
                    "REGION_KEY": args.endpoint.region.key,
                },
                statements=[
                    iam.allow(_READ_STREAM, [*streams.values()]),
                    iam.allow(["dynamodb:ListStreams"], [_all_streams(stream) for stream in streams.values()]),
                    iam.allow(["sqs:SendMessage"], [letters.arn]),
                    args.endpoint.grant_mutations(args.fields),
                ],
            ),
            child_opts,
        )
        for table, stream in streams.items():
            aws.lambda_.EventSourceMapping(
                f"{name}-{table}",
                event_source_arn=stream,
                function_name=function.function_name,
                # What was written before is no news. Lambda may take minutes to begin ("Polling and stream starting
                # positions"), and what is written meanwhile is told to nobody.
                starting_position="LATEST",
                batch_size=_BATCH,
                maximum_batching_window_in_seconds=0,
                function_response_types=["ReportBatchItemFailures"],
                bisect_batch_on_function_error=True,
                maximum_retry_attempts=_MOST_RETRIES,
                maximum_record_age_in_seconds=_LONGEST_RETRY,
                destination_config={"on_failure": {"destination_arn": letters.arn}},
                region=region,
                opts=child_opts,
            )
        self.function_name, self.dead_letters, self.letters = function.function_name, letters.url, letters
        self.register_outputs({"functionName": self.function_name, "deadLetters": self.dead_letters})


def _required(stream: pulumi.Input[str], table: str, region: str) -> pulumi.Output[str]:
    """The stream's ARN, which a replica of a strongly consistent table may lack.

    DynamoDB does not carry the stream of such a table over to its replicas ("How DynamoDB global tables work" in its
    Developer Guide), and the AWS provider enables that of the table's own region alone.

    Raises:
        pulumi.RunError: when the stream is known and there is none.
    """

    def known(arn: str | None) -> str:
        if not arn:
            raise pulumi.RunError(
                f"the table {table} has no stream in {region}, so subscribers there would hear of nothing. Enable one "
                "with new and old images (aws dynamodb update-table --stream-specification), refresh the stack, and "
                "deploy again."
            )
        return arn

    return pulumi.Output.from_input(stream).apply(known)


def _all_streams(stream: pulumi.Output[str]) -> pulumi.Output[str]:
    """All streams that the table ever had: listing them is not allowed for one alone."""
    return stream.apply(lambda arn: f"{arn.rpartition('/')[0]}/*")

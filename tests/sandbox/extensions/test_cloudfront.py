"""What CloudFront refuses and the emulator would not, asked through boto3 of the real gateway and emulator."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.sandbox.cloudfront.edge import config
from tests.sandbox.extensions.test_extensions import refused
from tests.sandbox.provider.embedded_aws import Engine, embedded_aws

CODE = b"function handler(event) { return event.request }"


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with embedded_aws(tmp_path_factory.mktemp("cloudfront")) as running:
        yield running


def function(name: str, **more: Any) -> dict[str, Any]:
    settings = {"Comment": "", "Runtime": "cloudfront-js-2.0", **more}
    return {"Name": name, "FunctionConfig": settings, "FunctionCode": CODE}


def associations(*arns: str) -> dict[str, Any]:
    items = [{"EventType": "viewer-request", "FunctionARN": arn} for arn in arns]
    return {"Quantity": len(items), "Items": items}


def distribution(reference: str, *, headers: list[tuple[str, str]] = [], functions: Any = None) -> dict[str, Any]:  # noqa: B006 - only read
    wanted = config(
        "arn:aws:acm:us-east-1:000000000000:certificate/c", "arn:aws:lambda:us-east-1:1:function:f:1", reference
    )
    items = [{"HeaderName": name, "HeaderValue": value} for name, value in headers]
    wanted["Origins"]["Items"][0]["CustomHeaders"] = {"Quantity": len(items), "Items": items}
    wanted["DefaultCacheBehavior"]["FunctionAssociations"] = functions or {"Quantity": 0}
    return wanted


def test_a_function_has_ten_kilobytes_of_code_at_most(aws: Engine):
    api = aws.clients("cloudfront")
    large = function("large") | {"FunctionCode": CODE.ljust(10_241)}
    assert refused(api.create_function, **large).startswith("413 FunctionSizeLimitExceeded")
    made = api.create_function(**large | {"FunctionCode": CODE.ljust(10_240)})
    assert refused(api.update_function, **large, IfMatch=made["ETag"]).startswith("413 FunctionSizeLimitExceeded")


@pytest.mark.parametrize(
    ("runtime", "stores", "why"),
    [
        (
            "cloudfront-js-2.0",
            ["missing"],
            "There is no key value store arn:aws:cloudfront::000000000000:key-value-store/missing.",
        ),
        ("cloudfront-js-1.0", ["one"], "Key value stores need the runtime cloudfront-js-2.0."),
        ("cloudfront-js-2.0", ["one", "two"], "The function has 2 key value stores, and may have one."),
    ],
)
def test_a_function_reads_one_store_that_exists(aws: Engine, runtime: str, stores: list[str], why: str):
    items = [{"KeyValueStoreARN": f"arn:aws:cloudfront::000000000000:key-value-store/{name}"} for name in stores]
    wanted = function("reads", Runtime=runtime, KeyValueStoreAssociations={"Quantity": len(items), "Items": items})
    assert refused(aws.clients("cloudfront").create_function, **wanted) == f"400 InvalidArgument: {why}"


def test_a_distribution_runs_published_functions_one_an_event(aws: Engine):
    api = aws.clients("cloudfront")
    made = api.create_function(**function("viewed"))
    arn = made["FunctionSummary"]["FunctionMetadata"]["FunctionARN"]
    wanted = distribution("runs", functions=associations(arn))
    assert f"InvalidFunctionAssociation: No function {arn} is in the LIVE stage." in refused(
        api.create_distribution, DistributionConfig=wanted
    )
    api.publish_function(Name="viewed", IfMatch=made["ETag"])
    twice = distribution("twice", functions=associations(arn, arn))
    assert "There are 2 functions on viewer-request." in refused(api.create_distribution, DistributionConfig=twice)
    tagged = {"DistributionConfig": wanted, "Tags": {"Items": []}}
    api.create_distribution_with_tags(DistributionConfigWithTags=tagged)
    with pytest.raises(api.exceptions.FunctionInUse):
        api.delete_function(Name="viewed", IfMatch=made["ETag"])


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ([(f"x-{n}", "v") for n in range(11)], "TooManyOriginCustomHeaders: The origin default has 11 custom headers"),
        ([("x-a", "v" * 1784)], "The custom header x-a of default has a value of 1784 characters, and may have 1783."),
        ([("x" * 257, "v")], "has a name of more than 256 characters."),
        ([("x-a", "v"), ("X-A", "w")], "is given twice."),
        ([("Cookie", "v")], "cannot be added to origin requests."),
        ([("X-Amz-Own", "v")], "cannot be added to origin requests."),
        ([(f"x-{n}", "v" * 1705) for n in range(6)], "have 10248 characters, names and values, and may have 10240."),
    ],
)
def test_custom_headers_keep_to_cloudfronts_quotas(aws: Engine, headers: list[tuple[str, str]], why: str):
    wanted = distribution("headers", headers=headers)
    assert why in refused(aws.clients("cloudfront").create_distribution, DistributionConfig=wanted)


def test_custom_headers_may_fill_the_quota(aws: Engine):
    api = aws.clients("cloudfront")
    headers = [(f"x-{n}", "v" * (1783 if n < 5 else 259)) for n in range(10)]
    assert sum(len(name) + len(value) for name, value in headers) == 10_240
    made = api.create_distribution(DistributionConfig=distribution("full", headers=headers))
    kept = made["Distribution"]["DistributionConfig"]["Origins"]["Items"][0]["CustomHeaders"]["Items"]
    assert [(item["HeaderName"], item["HeaderValue"]) for item in kept] == headers


def test_nothing_is_left_of_a_deleted_store_for_the_next_of_its_name(aws: Engine):
    api, data = aws.clients("cloudfront"), aws.clients("cloudfront-keyvaluestore")
    made = api.create_key_value_store(Name="again")
    arn = made["KeyValueStore"]["ARN"]
    etag = data.describe_key_value_store(KvsARN=arn)["ETag"]
    data.put_key(KvsARN=arn, Key="LHR", Value="ireland", IfMatch=etag)
    api.delete_key_value_store(Name="again", IfMatch=made["ETag"])
    assert refused(data.list_keys, KvsARN=arn).startswith("404 ResourceNotFoundException")
    api.create_key_value_store(Name="again")
    assert data.list_keys(KvsARN=arn)["Items"] == []
    assert refused(api.create_key_value_store, Name="again").startswith("409 EntityAlreadyExists")


@pytest.mark.parametrize(
    ("pairs", "why"),
    [
        ([("k" * 513, "v")], "keys have at most 512 bytes, values 1024."),
        ([("k", "v" * 1025)], "keys have at most 512 bytes, values 1024."),
        ([(str(n), "v") for n in range(51)], "51 keys are changed at once; 50 may be."),
    ],
)
def test_keys_keep_to_the_quotas(aws: Engine, pairs: list[tuple[str, str]], why: str):
    api, data = aws.clients("cloudfront"), aws.clients("cloudfront-keyvaluestore")
    name = f"quotas-{len(pairs)}-{len(pairs[0][0])}"
    arn = api.create_key_value_store(Name=name)["KeyValueStore"]["ARN"]
    etag = data.describe_key_value_store(KvsARN=arn)["ETag"]
    puts = [{"Key": key, "Value": value} for key, value in pairs]
    assert why in refused(data.update_keys, KvsARN=arn, IfMatch=etag, Puts=puts)

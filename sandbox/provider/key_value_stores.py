"""CloudFront's key value stores, and all that one of them holds."""

# ruff: noqa: ARG002 - all types have the same methods, and few need all that these get

from collections.abc import Iterator
from typing import Any

from sandbox.provider.cloudfront import retag, tags_of
from sandbox.provider.fields import Change, Field, Keyed, Tags, outputs, shape
from sandbox.provider.resource import Aws, Properties, Resource, found, touched, wait_until

_DATA = "cloudfront-keyvaluestore"
_PAGE = 50  # keys, which is also the most that one call may change


class KeyValueStore(Resource):
    """A store that functions read; its id is the name."""

    token = "aws:cloudfront/keyValueStore:KeyValueStore"
    regional = False
    auto_name = "name"
    shape = shape(
        Field("name", "Name", replaces=True),
        Field("comment", "Comment", default=""),
        Field("tags", kind=Tags(), default={}),
        *outputs("arn", "etag", "lastModifiedTime"),
    )

    def identity(self, inputs: Properties) -> str | None:
        return str(inputs["name"])

    def create(self, aws: Aws, inputs: Properties) -> str:
        tags = {"Items": Tags().encode(inputs.get("tags", {}))}
        aws("cloudfront").create_key_value_store(**self.shape.encode(inputs), Tags=tags)
        return str(inputs["name"])

    def finish(self, aws: Aws, id_: str, inputs: Properties) -> None:
        def is_ready() -> bool:
            return bool(aws("cloudfront").describe_key_value_store(Name=id_)["KeyValueStore"]["Status"] == "READY")

        wait_until(is_ready, f"the key value store {id_} is ready")

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        answer = found(aws("cloudfront").describe_key_value_store, Name=id_)
        if answer is None:
            return None
        store = answer["KeyValueStore"]
        return self.shape.decode(store) | {
            "tags": tags_of(aws, store["ARN"]),
            "arn": store["ARN"],
            "etag": answer["ETag"],
            "lastModifiedTime": store["LastModifiedTime"].isoformat(),
        }

    def update(self, aws: Aws, id_: str, inputs: Properties, changes: dict[str, Change]) -> None:
        api = aws("cloudfront")
        if touched(changes, "comment"):
            etag = api.describe_key_value_store(Name=id_)["ETag"]
            api.update_key_value_store(Name=id_, Comment=inputs.get("comment", ""), IfMatch=etag)
        if touched(changes, "tags"):
            retag(aws, api.describe_key_value_store(Name=id_)["KeyValueStore"]["ARN"], inputs)

    def delete(self, aws: Aws, id_: str, known: Properties) -> None:
        api = aws("cloudfront")
        answer = found(api.describe_key_value_store, Name=id_)
        if answer is not None:
            api.delete_key_value_store(Name=id_, IfMatch=answer["ETag"])

    def unsettled(self, changes: dict[str, Change]) -> tuple[str, ...]:
        return ("etag", "lastModifiedTime") if touched(changes, "comment") else ()


class KeysExclusive(Resource):
    """All the keys of a store: those not listed are removed from it. Its id is the store's ARN."""

    token = "aws:cloudfront/keyvaluestoreKeysExclusive:KeyvaluestoreKeysExclusive"
    regional = False
    shape = shape(
        Field("keyValueStoreArn", replaces=True),
        Field("maxBatchSize", default=_PAGE),
        Field(
            "resourceKeyValuePairs",
            kind=Keyed(shape(Field("key", "Key"), Field("value", "Value")), key="key"),
            default=[],
        ),
        *outputs("totalSizeInBytes"),
    )

    def identity(self, inputs: Properties) -> str | None:
        return str(inputs["keyValueStoreArn"])

    def create(self, aws: Aws, inputs: Properties) -> str:
        return str(aws(_DATA).describe_key_value_store(KvsARN=inputs["keyValueStoreArn"])["KvsARN"])

    def finish(self, aws: Aws, id_: str, inputs: Properties) -> None:
        _bring(aws, id_, _wanted(inputs), inputs.get("maxBatchSize", _PAGE))

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        store = found(aws(_DATA).describe_key_value_store, KvsARN=id_)
        if store is None:
            return None
        present = _present(aws, id_)
        return {
            "keyValueStoreArn": id_,
            "resourceKeyValuePairs": [{"key": key, "value": value} for key, value in present.items()],
            "totalSizeInBytes": store["TotalSizeInBytes"],
        }

    def update(self, aws: Aws, id_: str, inputs: Properties, changes: dict[str, Change]) -> None:
        self.finish(aws, id_, inputs)

    def delete(self, aws: Aws, id_: str, known: Properties) -> None:
        if found(aws(_DATA).describe_key_value_store, KvsARN=id_) is not None:
            _bring(aws, id_, {}, known.get("maxBatchSize", _PAGE))

    def unsettled(self, changes: dict[str, Change]) -> tuple[str, ...]:
        return ("totalSizeInBytes",) if touched(changes, "resourceKeyValuePairs") else ()

    def find(self, aws: Aws, inputs: Properties) -> str | None:
        arn = str(inputs["keyValueStoreArn"])
        if found(aws(_DATA).describe_key_value_store, KvsARN=arn) is None:
            return None
        return arn if _present(aws, arn) == _wanted(inputs) else None


def _wanted(inputs: Properties) -> dict[str, str]:
    return {pair["key"]: pair["value"] for pair in inputs.get("resourceKeyValuePairs", [])}


def _present(aws: Aws, arn: str) -> dict[str, str]:
    pages = aws(_DATA).get_paginator("list_keys").paginate(KvsARN=arn, PaginationConfig={"PageSize": _PAGE})
    return {item["Key"]: item["Value"] for page in pages for item in page.get("Items", [])}


def _bring(aws: Aws, arn: str, wanted: dict[str, str], at_once: int) -> None:
    """Brings the store to the wanted keys, each call building on the one before."""
    api = aws(_DATA)
    etag = api.describe_key_value_store(KvsARN=arn)["ETag"]
    for puts, deletes in _batches(_present(aws, arn), wanted, at_once):
        changes = {name: members for name, members in (("Puts", puts), ("Deletes", deletes)) if members}
        etag = api.update_keys(KvsARN=arn, IfMatch=etag, **changes)["ETag"]


def _batches(
    present: dict[str, str], wanted: dict[str, str], at_once: int
) -> Iterator[tuple[list[dict[str, Any]], list[dict[str, Any]]]]:
    """The keys to put and those to delete, so many of both together at once."""
    gone = [key for key in present if key not in wanted]
    due = [key for key in wanted if present.get(key) != wanted[key]] + gone
    for start in range(0, len(due), at_once):
        batch = due[start : start + at_once]
        puts = [{"Key": key, "Value": wanted[key]} for key in batch if key in wanted]
        yield puts, [{"Key": key} for key in batch if key not in wanted]

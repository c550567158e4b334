"""CloudFront Functions: JavaScript that edge locations run."""

# ruff: noqa: ARG002 - all types have the same methods, and few need all that these get

from typing import Any

from sandbox.provider.cloudfront import retag, tags_of
from sandbox.provider.fields import Boxed, Change, Counted, Field, Tags, outputs, shape
from sandbox.provider.resource import Aws, Properties, Resource, found, touched

_PUBLISHED = ("code", "comment", "keyValueStoreAssociations", "runtime")
_CONFIG = shape(
    Field("comment", "Comment", default=""),
    Field("runtime", "Runtime"),
    Field(
        "keyValueStoreAssociations",
        "KeyValueStoreAssociations",
        Counted(Boxed("KeyValueStoreARN"), ordered=False),
        default=[],
    ),
)


class Function(Resource):
    """A function in its DEVELOPMENT stage, and with `publish` the same in LIVE, where distributions run it."""

    token = "aws:cloudfront/function:Function"
    regional = False
    auto_name = "name"
    shape = shape(
        Field("name", replaces=True),
        Field("code"),
        *_CONFIG.fields.values(),
        Field("publish", default=True),
        Field("tags", kind=Tags(), default={}),
        *outputs("arn", "etag", "liveStageEtag", "status"),
    )

    def identity(self, inputs: Properties) -> str | None:
        return str(inputs["name"])

    def create(self, aws: Aws, inputs: Properties) -> str:
        tags = {"Items": Tags().encode(inputs.get("tags", {}))}
        aws("cloudfront").create_function(**self._wanted(inputs), Tags=tags)
        return str(inputs["name"])

    def finish(self, aws: Aws, id_: str, inputs: Properties) -> None:
        if inputs.get("publish", True):
            api = aws("cloudfront")
            etag = api.describe_function(Name=id_, Stage="DEVELOPMENT")["ETag"]
            api.publish_function(Name=id_, IfMatch=etag)

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        api = aws("cloudfront")
        described = found(api.describe_function, Name=id_, Stage="DEVELOPMENT")
        if described is None:
            return None
        summary = described["FunctionSummary"]
        live = found(api.describe_function, Name=id_, Stage="LIVE")
        arn = summary["FunctionMetadata"]["FunctionARN"]
        code = api.get_function(Name=id_, Stage="DEVELOPMENT")["FunctionCode"].read()
        return _CONFIG.decode(summary["FunctionConfig"]) | {
            "name": id_,
            "code": code.decode(),
            "tags": tags_of(aws, arn),
            "arn": arn,
            "etag": described["ETag"],
            "liveStageEtag": live["ETag"] if live else "",
            "status": summary["Status"],
        }

    def update(self, aws: Aws, id_: str, inputs: Properties, changes: dict[str, Change]) -> None:
        api = aws("cloudfront")
        if touched(changes, *_PUBLISHED):
            etag = api.describe_function(Name=id_, Stage="DEVELOPMENT")["ETag"]
            api.update_function(**self._wanted(inputs), IfMatch=etag)
        if touched(changes, *_PUBLISHED, "publish"):
            self.finish(aws, id_, inputs)
        if touched(changes, "tags"):
            arn = api.describe_function(Name=id_, Stage="DEVELOPMENT")["FunctionSummary"]["FunctionMetadata"]
            retag(aws, arn["FunctionARN"], inputs)

    def delete(self, aws: Aws, id_: str, known: Properties) -> None:
        api = aws("cloudfront")
        described = found(api.describe_function, Name=id_, Stage="DEVELOPMENT")
        if described is not None:
            api.delete_function(Name=id_, IfMatch=described["ETag"])

    def unsettled(self, changes: dict[str, Change]) -> tuple[str, ...]:
        return ("etag", "liveStageEtag", "status") if touched(changes, *_PUBLISHED, "publish") else ()

    @staticmethod
    def _wanted(inputs: Properties) -> dict[str, Any]:
        config = {name: inputs[name] for name in _CONFIG.fields if name in inputs}
        return {
            "Name": inputs["name"],
            "FunctionCode": inputs["code"].encode(),
            "FunctionConfig": _CONFIG.encode(config),
        }

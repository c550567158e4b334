"""Lambda: functions with their versions, and who may invoke them."""

import json
from typing import Any

from sandbox.provider.archive import package
from sandbox.provider.fields import Change, Field, Kind, Many, Mapping, outputs, shape
from sandbox.provider.resource import (
    Aws,
    Properties,
    Resource,
    ResourceError,
    found,
    remove,
    tag_changes,
    touched,
    wait_until,
)


class _Code(Kind):
    """An archive: the engine's hash of its content tells it from another."""

    def same(self, one: Any, other: Any) -> bool:
        if isinstance(one, dict) and isinstance(other, dict) and one.get("hash"):
            return bool(one["hash"] == other.get("hash"))
        return super().same(one, other)


class FunctionName(Kind):
    """A function by its name or its ARN: a program may give either, and AWS shows the ARN."""

    def decode(self, value: Any) -> Any:
        return _plain(value)

    def same(self, one: Any, other: Any) -> bool:
        return bool(_plain(one) == _plain(other))


def _plain(name: Any) -> Any:
    return name.rpartition(":function:")[2] if isinstance(name, str) else name


_CODE_INPUTS = ("code", "architectures")
_OTHER_CALLS = (*_CODE_INPUTS, "publish", "tags", "reservedConcurrentExecutions", "skipDestroy")
_VERSION_OUTPUTS = ("version", "qualifiedArn", "qualifiedInvokeArn")


class Function(Resource):
    """A function; with `publish`, each new code or configuration is a version that stays."""

    token = "aws:lambda/function:Function"
    auto_name = "name"
    shape = shape(
        Field("region", replaces=True),
        Field("name", "FunctionName", replaces=True),
        Field("role", "Role"),
        Field("handler", "Handler"),
        Field("runtime", "Runtime"),
        Field("packageType", "PackageType", default="Zip", replaces=True),
        Field("code", kind=_Code()),
        Field("description", "Description", default=""),
        Field("memorySize", "MemorySize", default=128),
        Field("timeout", "Timeout", default=3),
        Field("architectures", "Architectures", Many(), default=["x86_64"]),
        Field("environment", "Environment", shape(Field("variables", "Variables", Mapping(), default={}))),
        Field("ephemeralStorage", "EphemeralStorage", shape(Field("size", "Size")), computed=True),
        Field("layers", "Layers", Many(), default=[]),
        Field(
            "loggingConfig",
            "LoggingConfig",
            shape(
                Field("logFormat", "LogFormat"),
                Field("logGroup", "LogGroup", computed=True),
                Field("applicationLogLevel", "ApplicationLogLevel", computed=True),
                Field("systemLogLevel", "SystemLogLevel", computed=True),
            ),
            computed=True,
        ),
        Field("tracingConfig", "TracingConfig", shape(Field("mode", "Mode")), computed=True),
        Field("deadLetterConfig", "DeadLetterConfig", shape(Field("targetArn", "TargetArn"))),
        Field("kmsKeyArn", "KMSKeyArn", default=""),
        Field("publish", default=False),
        Field("reservedConcurrentExecutions", default=-1),
        Field("skipDestroy", default=False),
        Field("tags", kind=Mapping(), default={}),
        *outputs("arn", "invokeArn", "lastModified", "codeSha256", "sourceCodeHash", "sourceCodeSize"),
        *outputs(*_VERSION_OUTPUTS),
    )

    def identity(self, inputs: Properties) -> str | None:
        return str(inputs["name"])

    def create(self, aws: Aws, inputs: Properties) -> str:
        wanted = self.shape.encode(inputs)
        tags = {"Tags": inputs["tags"]} if inputs.get("tags") else {}
        code = {"ZipFile": package(_code(inputs))}
        publish = inputs.get("publish", False)
        answer = aws("lambda").create_function(**wanted, **tags, Code=code, Publish=publish)
        return str(answer["FunctionName"])

    def finish(self, aws: Aws, id_: str, inputs: Properties) -> None:
        self._settle(aws, id_)
        self._reserve(aws, id_, inputs)

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        api = aws("lambda")
        answer = found(api.get_function, FunctionName=id_)
        if answer is None:
            return None
        function = answer["Configuration"]
        arn = function["FunctionArn"].removesuffix(":$LATEST")
        version = self._latest_version(api, id_)
        reserved = answer.get("Concurrency", {}).get("ReservedConcurrentExecutions", -1)
        sha = function["CodeSha256"]
        properties = self.shape.decode(function) | {
            "region": aws.region,
            "tags": answer.get("Tags", {}),
            "reservedConcurrentExecutions": reserved,
            "arn": arn,
            "invokeArn": _invoke_arn(aws, arn),
            "version": version,
            "qualifiedArn": f"{arn}:{version}",
            "qualifiedInvokeArn": _invoke_arn(aws, f"{arn}:{version}"),
            "lastModified": function["LastModified"],
            "codeSha256": sha,
            "sourceCodeHash": sha,
            "sourceCodeSize": function["CodeSize"],
        }
        if "codeSha256" in known and known["codeSha256"] != sha:
            # AWS has other code than the last deployment left there. Nothing can say as an archive what it is,
            # so the property is given as empty, and the next deployment brings the program's code back.
            properties["code"] = {}
        return properties

    def update(self, aws: Aws, id_: str, inputs: Properties, changes: dict[str, Change]) -> None:
        api, wanted = aws("lambda"), self.shape.encode(inputs)
        configuration = {key: value for key, value in wanted.items() if key not in _NOT_CONFIGURATION}
        configuration.setdefault("Environment", {"Variables": {}})
        is_new = False
        if any(not touched({path: change}, *_OTHER_CALLS) for path, change in changes.items()):
            api.update_function_configuration(**configuration)
            self._settle(aws, id_)
            is_new = True
        if touched(changes, *_CODE_INPUTS):
            api.update_function_code(
                FunctionName=id_, ZipFile=package(_code(inputs)), Architectures=wanted["Architectures"]
            )
            self._settle(aws, id_)
            is_new = True
        if inputs.get("publish") and (is_new or touched(changes, "publish")):
            api.publish_version(FunctionName=id_)
            self._settle(aws, id_)
        if touched(changes, "reservedConcurrentExecutions"):
            self._reserve(aws, id_, inputs)
        if touched(changes, "tags"):
            arn = api.get_function(FunctionName=id_)["Configuration"]["FunctionArn"]
            added, removed = tag_changes(api.list_tags(Resource=arn)["Tags"], inputs.get("tags", {}))
            if removed:
                api.untag_resource(Resource=arn, TagKeys=removed)
            if added:
                api.tag_resource(Resource=arn, Tags=added)

    def delete(self, aws: Aws, id_: str, known: Properties) -> None:
        """Removes the function with all its versions, which stay until then."""
        if not known.get("skipDestroy"):
            remove(aws("lambda").delete_function, FunctionName=id_)

    def unsettled(self, changes: dict[str, Change]) -> tuple[str, ...]:
        new_code = ("codeSha256", "sourceCodeHash", "sourceCodeSize") if touched(changes, "code") else ()
        is_new = any(not touched({path: change}, *_OTHER_CALLS) for path, change in changes.items())
        new_version = _VERSION_OUTPUTS if is_new or touched(changes, *_CODE_INPUTS, "publish") else ()
        return ("lastModified", *new_code, *new_version)

    @staticmethod
    def _latest_version(api: Any, name: str) -> str:
        pages = api.get_paginator("list_versions_by_function").paginate(FunctionName=name)
        versions = [entry["Version"] for page in pages for entry in page["Versions"]]
        return str(max((v for v in versions if v != "$LATEST"), key=int, default="$LATEST"))

    @staticmethod
    def _settle(aws: Aws, name: str) -> None:
        def is_ready() -> bool:
            function = aws("lambda").get_function_configuration(FunctionName=name)
            if "Failed" in (function.get("State"), function.get("LastUpdateStatus")):
                reason = function.get("StateReason") or function.get("LastUpdateStatusReason")
                raise ResourceError(f"the function {name} failed: {reason}")
            return (function.get("State"), function.get("LastUpdateStatus")) == ("Active", "Successful")

        wait_until(is_ready, f"the function {name} is active")

    @staticmethod
    def _reserve(aws: Aws, name: str, inputs: Properties) -> None:
        reserved = inputs.get("reservedConcurrentExecutions", -1)
        if reserved >= 0:
            aws("lambda").put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=reserved)
        else:
            remove(aws("lambda").delete_function_concurrency, FunctionName=name)


_NOT_CONFIGURATION = ("Architectures", "PackageType")


def _code(inputs: Properties) -> dict[str, Any]:
    code = inputs.get("code")
    if not isinstance(code, dict):
        raise ResourceError("the function has no `code`")
    return code


def _invoke_arn(aws: Aws, arn: str) -> str:
    return f"arn:aws:apigateway:{aws.region}:lambda:path/2015-03-31/functions/{arn}/invocations"


class Permission(Resource):
    """A statement of a function's policy: who may invoke it."""

    token = "aws:lambda/permission:Permission"
    auto_name = "statementId"
    shape = shape(
        Field("region", replaces=True),
        Field("statementId", "StatementId", replaces=True),
        Field("function", "FunctionName", replaces=True),
        Field("action", "Action", replaces=True),
        Field("principal", "Principal", replaces=True),
        Field("sourceArn", "SourceArn", replaces=True),
        Field("sourceAccount", "SourceAccount", replaces=True),
        Field("principalOrgId", "PrincipalOrgID", replaces=True),
        Field("eventSourceToken", "EventSourceToken", replaces=True),
        Field("functionUrlAuthType", "FunctionUrlAuthType", replaces=True),
        Field("invokedViaFunctionUrl", "InvokedViaFunctionUrl", replaces=True),
        Field("qualifier", "Qualifier", replaces=True),
    )

    def identity(self, inputs: Properties) -> str | None:
        return str(inputs["statementId"])

    def create(self, aws: Aws, inputs: Properties) -> str:
        aws("lambda").add_permission(**self.shape.encode(inputs))
        return str(inputs["statementId"])

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        qualifier = {"Qualifier": known["qualifier"]} if "qualifier" in known else {}
        answer = found(aws("lambda").get_policy, FunctionName=known["function"], **qualifier)
        statements = json.loads(answer["Policy"])["Statement"] if answer else []
        statement = next((s for s in statements if s["Sid"] == id_), None)
        return None if statement is None else _permission(aws, known, statement)

    def delete(self, aws: Aws, id_: str, known: Properties) -> None:
        qualifier = {"Qualifier": known["qualifier"]} if "qualifier" in known else {}
        remove(aws("lambda").remove_permission, FunctionName=known["function"], StatementId=id_, **qualifier)


_FLAGS = {"true": True, "false": False}


def _permission(aws: Aws, known: Properties, statement: dict[str, Any]) -> Properties:
    principal = statement["Principal"]
    if isinstance(principal, dict):
        principal = principal.get("Service") or principal.get("AWS")
    conditions = {key: value for terms in statement.get("Condition", {}).values() for key, value in terms.items()}
    properties = {
        "region": aws.region,
        "statementId": statement["Sid"],
        "function": known["function"],
        "action": statement["Action"],
        "principal": principal,
        "sourceArn": conditions.get("AWS:SourceArn"),
        "sourceAccount": conditions.get("AWS:SourceAccount"),
        "principalOrgId": conditions.get("aws:PrincipalOrgID"),
        "eventSourceToken": conditions.get("lambda:EventSourceToken"),
        "functionUrlAuthType": conditions.get("lambda:FunctionUrlAuthType"),
        "invokedViaFunctionUrl": _FLAGS.get(conditions.get("lambda:InvokedViaFunctionUrl", "")),
        "qualifier": known.get("qualifier"),
    }
    return {name: value for name, value in properties.items() if value is not None}

"""Lambda's function URLs: HTTPS addresses that invoke a function."""

from sandbox.provider.fields import Change, Field, Many, outputs, shape
from sandbox.provider.lambda_ import FunctionName
from sandbox.provider.resource import Aws, Properties, Resource, found, remove

_SET = Many(ordered=False)


class FunctionUrl(Resource):
    """The URL of a function, of which AWS makes up the host; a function or an alias of it has one."""

    token = "aws:lambda/functionUrl:FunctionUrl"
    shape = shape(
        Field("region", replaces=True),
        Field("functionName", "FunctionName", FunctionName(), replaces=True),
        Field("qualifier", "Qualifier", replaces=True),
        Field("authorizationType", "AuthType"),
        Field("invokeMode", "InvokeMode", default="BUFFERED"),
        Field(
            "cors",
            "Cors",
            shape(
                Field("allowCredentials", "AllowCredentials", default=False),
                Field("allowHeaders", "AllowHeaders", _SET, default=[]),
                Field("allowMethods", "AllowMethods", _SET, default=[]),
                Field("allowOrigins", "AllowOrigins", _SET, default=[]),
                Field("exposeHeaders", "ExposeHeaders", _SET, default=[]),
                Field("maxAge", "MaxAge", default=0),
            ),
        ),
        *outputs("functionArn", "functionUrl", "urlId"),
    )

    def identity(self, inputs: Properties) -> str | None:
        name = str(FunctionName().decode(inputs["functionName"]))
        return f"{name}/{inputs['qualifier']}" if "qualifier" in inputs else name

    def create(self, aws: Aws, inputs: Properties) -> str:
        aws("lambda").create_function_url_config(**self.shape.encode(inputs))
        return str(self.identity(inputs))

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:  # noqa: ARG002 - as of every type
        config = found(aws("lambda").get_function_url_config, **_which(id_))
        if config is None:
            return None
        url = str(config["FunctionUrl"])
        which = _which(id_)
        return self.shape.decode({**config, **which}) | {
            "region": aws.region,
            "functionArn": config["FunctionArn"],
            "functionUrl": url,
            "urlId": url.removeprefix("https://").partition(".")[0],
        }

    def update(self, aws: Aws, id_: str, inputs: Properties, changes: dict[str, Change]) -> None:  # noqa: ARG002 - likewise
        # An empty mapping takes the settings away; what is not sent stays.
        aws("lambda").update_function_url_config(**{"Cors": {}} | self.shape.encode(inputs))

    def delete(self, aws: Aws, id_: str, known: Properties) -> None:  # noqa: ARG002 - likewise
        remove(aws("lambda").delete_function_url_config, **_which(id_))


def _which(id_: str) -> dict[str, str]:
    name, _, qualifier = id_.partition("/")
    return {"FunctionName": name} | ({"Qualifier": qualifier} if qualifier else {})

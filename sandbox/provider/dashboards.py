"""CloudWatch: dashboards."""

# ruff: noqa: ARG002 - all types have the same methods, and few need all that these get

from typing import Any

from sandbox.provider.fields import Change, Field, JsonText, outputs, shape
from sandbox.provider.resource import Aws, Properties, Resource, ResourceError, found, remove


class Dashboard(Resource):
    """A dashboard: what it shows is one JSON document."""

    token = "aws:cloudwatch/dashboard:Dashboard"
    shape = shape(
        Field("region", replaces=True),
        Field("dashboardName", "DashboardName", replaces=True),
        Field("dashboardBody", "DashboardBody", JsonText()),
        *outputs("dashboardArn"),
    )

    def identity(self, inputs: Properties) -> str | None:
        return str(inputs["dashboardName"])

    def create(self, aws: Aws, inputs: Properties) -> str:
        name = str(inputs["dashboardName"])
        if self.read(aws, name, inputs) is not None:
            # PutDashboard replaces what is there, and so would take over one of another's making.
            raise ResourceError(f"there is already a dashboard {name}")
        self._put(aws, inputs)
        return name

    def read(self, aws: Aws, id_: str, known: Properties) -> Properties | None:
        answer = found(aws("cloudwatch").get_dashboard, DashboardName=id_)
        if answer is None:
            return None
        return self.shape.decode(answer) | {"region": aws.region, "dashboardArn": answer["DashboardArn"]}

    def update(self, aws: Aws, id_: str, inputs: Properties, changes: dict[str, Change]) -> None:
        self._put(aws, inputs)

    def delete(self, aws: Aws, id_: str, known: Properties) -> None:
        remove(aws("cloudwatch").delete_dashboards, DashboardNames=[id_])

    def _put(self, aws: Aws, inputs: Properties) -> None:
        refused: list[Any] = (
            aws("cloudwatch").put_dashboard(**self.shape.encode(inputs)).get("DashboardValidationMessages", [])
        )
        if refused:
            raise ResourceError(f"CloudWatch does not like the dashboard {inputs['dashboardName']}: {refused}")

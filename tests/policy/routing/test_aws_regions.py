import botocore.session

from policy.rules.routing.shared.aws_regions import LATENCY_REGIONS


def test_the_regions_of_latency_records_are_those_of_the_route_53_api():
    api = botocore.session.get_session().get_service_model("route53")

    assert set(api.shape_for("ResourceRecordSetRegion").enum) == LATENCY_REGIONS

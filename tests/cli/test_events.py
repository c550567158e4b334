from typing import Any

from pulumi.automation import EngineEvent
from pulumi.automation.events import (
    DiagnosticEvent,
    OpType,
    PolicyEvent,
    ResourcePreEvent,
    ResOutputsEvent,
    StepEventMetadata,
    StepEventStateMetadata,
    SummaryEvent,
)

from cli.changes import Change
from cli.events import Report, Step, Violation, plain

URN = "urn:pulumi:local::antipodes::antipodes:index:GlobalEdge$aws:route53/record:Record::edge-alias"


def event(**parts: Any) -> EngineEvent:
    return EngineEvent(sequence=1, timestamp=0, **parts)


def state(**inputs: Any) -> StepEventStateMetadata:
    return StepEventStateMetadata(type="", urn=URN, id="", parent="", provider="", inputs=inputs)


def metadata(operation: OpType) -> StepEventMetadata:
    return StepEventMetadata(
        op=operation,
        urn=URN,
        type="aws:route53/record:Record",
        provider="",
        diffs=["ttl", "records"],
        old=state(ttl=60, records=["a"]),
        new=state(records=["b"]),
    )


def test_a_changing_resource_is_reported_with_the_properties_that_change():
    report = Report()
    report(event(resource_pre_event=ResourcePreEvent(metadata=metadata(OpType.UPDATE))))

    changes = (Change("records", "['a']", "['b']"), Change("ttl", "60", None))
    assert report.steps == [Step("update", URN, changes, {"ttl": 60, "records": ["a"]}, {"records": ["b"]})]
    assert report.steps[0].resource == "aws:route53/record:Record edge-alias"


def test_warnings_of_the_projects_settings_are_kept_and_no_others():
    report = Report()
    for text in ("antipodes:originHeaders is plain text\n", "using pulumi-analyzer-policy-python from $PATH\n"):
        report(event(diagnostic_event=DiagnosticEvent(message=text, severity="warning", color="never")))

    assert report.warnings == ["antipodes:originHeaders is plain text"]


def test_what_a_refresh_finds_is_reported_though_it_was_not_announced():
    report = Report()
    report(event(resource_pre_event=ResourcePreEvent(metadata=metadata(OpType.REFRESH))))
    report(event(res_outputs_event=ResOutputsEvent(metadata=metadata(OpType.UPDATE))))

    assert [step.operation for step in report.steps] == ["update"]


def test_an_unchanged_resource_is_no_step():
    report = Report()
    report(event(resource_pre_event=ResourcePreEvent(metadata=metadata(OpType.SAME))))

    assert report.steps == []


def test_the_stacks_own_outputs_are_told_as_they_were_and_as_they_become():
    stack, before, after = (StepEventStateMetadata(type="", urn=URN, id="", parent="", provider="") for _ in range(3))
    before.outputs, after.outputs = {"regions": {"ireland": "eu-west-1"}}, {"regions": {}}
    report = Report()
    for kind, old, new in (("pulumi:pulumi:Stack", before, after), ("aws:route53/record:Record", stack, stack)):
        step = StepEventMetadata(op=OpType.SAME, urn=URN, type=kind, provider="", old=old, new=new)
        report(event(res_outputs_event=ResOutputsEvent(metadata=step)))

    assert (report.outputs_before, report.outputs) == (before.outputs, after.outputs)


def test_the_outputs_of_a_stack_that_is_not_there_are_none():
    report = Report()
    step = StepEventMetadata(op=OpType.CREATE, urn=URN, type="pulumi:pulumi:Stack", provider="", new=state())
    report(event(res_outputs_event=ResOutputsEvent(metadata=step)))

    assert (report.outputs_before, report.outputs) == ({}, {})


def test_progress_is_told_of_each_resource_that_is_done_and_not_of_planned_ones():
    seen: list[int] = []
    report = Report().following(seen.append)
    report(event(resource_pre_event=ResourcePreEvent(metadata=metadata(OpType.CREATE))))
    assert seen == []

    for _ in range(2):
        report(event(res_outputs_event=ResOutputsEvent(metadata=metadata(OpType.CREATE))))
    assert seen == [1, 2]


def test_an_error_names_its_resource_and_loses_the_engines_colour_marks():
    report = Report()
    message = "<{%reset%}>the name is taken<{%reset%}>\n"
    for _ in range(2):
        report(event(diagnostic_event=DiagnosticEvent(message=message, color="raw", severity="error", urn=URN)))

    assert report.errors == ["aws:route53/record:Record edge-alias: the name is taken"]


def test_what_the_engine_called_off_because_of_an_error_is_no_error_of_its_own():
    report = Report()
    for message in ("the name is taken", "failed to run remediation: context canceled"):
        report(event(diagnostic_event=DiagnosticEvent(message=message, color="raw", severity="error", urn=URN)))

    assert report.errors == ["aws:route53/record:Record edge-alias: the name is taken"]


def test_warnings_are_no_errors():
    report = Report()
    report(event(diagnostic_event=DiagnosticEvent(message="hm", color="raw", severity="warning")))

    assert report.errors == []


def test_a_violation_that_the_engine_repeats_is_reported_once_and_mandatory_ones_are_told_apart():
    report = Report()
    for level in ("mandatory", "mandatory", "advisory"):
        report(
            event(
                policy_event=PolicyEvent(
                    message="caching is on",
                    color="raw",
                    policy_name="caching-disabled",
                    policy_pack_name="antipodes",
                    policy_pack_version="",
                    policy_pack_version_tag="",
                    enforcement_level=level,
                    resource_urn=URN,
                )
            )
        )

    assert len(report.violations) == 2
    assert report.mandatory == [Violation("caching-disabled", "mandatory", "caching is on", URN)]


def test_unchanged_resources_do_not_count_as_changed():
    report = Report()
    summary = SummaryEvent(
        maybe_corrupt=False,
        duration_seconds=3,
        resource_changes={OpType.SAME: 70, OpType.CREATE: 2, OpType.DELETE: 1},
        policy_packs={},
    )
    report(event(summary_event=summary))

    assert report.changed == 3
    assert report.seconds == 3


def test_plain_text_is_left_as_it_is():
    assert plain("a {b} <c> {%d%}") == "a {b} <c> {%d%}"

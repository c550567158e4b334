import pytest

from cli.output import Console, table


def test_a_table_loses_no_text_where_the_terminal_is_narrow(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    listed = table("url", "served by")
    listed.add_row("https://global-api.example.localhost:14718/graphql", "cape-town (dial 40)")

    Console(as_json=False).result({}, lambda out: out.print(listed))

    assert "cape-town (dial 40)" in capsys.readouterr().out

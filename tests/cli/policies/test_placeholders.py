import pytest
import yaml

from cli.policies.placeholders import opened

FILE = """\
# Yours to change.
secretsprovider: awskms://alias/of-mine
encryptedkey: AQICA
encryptionsalt: v1:salt
config:
  antipodes:domain: example.com # kept
  antipodes:originHeaders:
    ireland:
      x-api-key:
        secure: v1:abc
      x.other: {secure: v1:def}   # a comment
    sydney:
      x-api-key:
        secure: >-
          v1:folded
      plain: text
  antipodes:token:
    secure: "v1:ghi"
  other:list:
    - secure: v1:jkl
    - shown
"""


def test_secrets_become_placeholders_and_all_else_stays():
    assert yaml.safe_load(opened(FILE).text) == {
        "config": {
            "antipodes:domain": "example.com",
            "antipodes:originHeaders": {
                "ireland": {"x-api-key": "placeholder", "x.other": "placeholder"},
                "sydney": {"x-api-key": "placeholder", "plain": "text"},
            },
            "antipodes:token": "placeholder",
            "other:list": ["placeholder", "shown"],
        }
    }
    assert "# kept" in opened(FILE).text
    assert "# a comment" in opened(FILE).text


def test_nothing_of_a_secret_is_left():
    assert "v1:" not in opened(FILE).text
    assert "AQICA" not in opened(FILE).text


def test_each_secret_is_named_for_the_engine_to_keep():
    assert opened(FILE).secrets == (
        'antipodes:originHeaders["ireland"]["x-api-key"]',
        'antipodes:originHeaders["ireland"]["x.other"]',
        'antipodes:originHeaders["sydney"]["x-api-key"]',
        "antipodes:token",
        "other:list[0]",
    )


@pytest.mark.parametrize(
    "text", ["", "config:\n", "config:\n  a:b: secure\n  a:c: {secure: x, other: y}\n", "[", "a: *b"]
)
def test_a_file_without_secrets_keeps_its_very_characters(text: str):
    assert opened(text).text == text
    assert opened(text).secrets == ()

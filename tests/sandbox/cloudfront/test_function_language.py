import pytest

from sandbox.cloudfront.function_language import UnsupportedError, without_imports


@pytest.mark.parametrize(
    ("code", "named"),
    [
        ("class A {}", "classes"),
        ("for (const a of b) {}", r"for\.\.\.of"),
        ("a?.b", r"optional chaining"),
        ("a ?? b", "nullish"),
        ("const {a} = b", "destructuring"),
        ("let [a] = b", "destructuring"),
        ("f(...a)", "spread"),
        ("const a = [...b]", "spread"),
        ("function* f() {}", "generators"),
        ("import fs from 'fs'", "import"),
        ("import {kvs} from 'cloudfront'", "import"),
        ("export default 1", "export"),
        ("const f = async () => 1", "async closures"),
        ("const f = async a => 1", "async closures"),
        ("g(async function () {})", "async closures"),
    ],
)
def test_syntax_that_cloudfront_lacks_is_named_with_its_line(code: str, named: str):
    with pytest.raises(UnsupportedError, match=f"^line 3: .* has no {named}"):
        without_imports(f"const first = 1;\n/* a\n*/ {code}")


@pytest.mark.parametrize(
    "code",
    [
        "// class A {} and f(...a)",
        "/* a ?? b */",
        "const text = 'a ?? b' + \"f(...a)\" + `class A {}`;",
        r"const pattern = /\?\?|class A {/.test(a);",
        "const classes = 1; const offset = classes ? .5 : 1;",
        "function f(...rest) {} const g = (...rest) => rest;",
        "async function handler(event) { const a = await f(event); }",
        "for (const key in object) {}",
        "const half = a / 2; const third = b / 3;",
    ],
)
def test_what_cloudfront_has_or_does_not_read_as_code_passes(code: str):
    assert without_imports(code) == code


def test_the_import_of_the_module_is_bound_to_the_sandbox_s():
    code = "// head\nimport cf from 'cloudfront';\nconst a = 1;"

    assert without_imports(code) == "// head\nconst cf = globalThis.cloudfront;\nconst a = 1;"

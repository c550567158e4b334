import assert from "node:assert/strict";
import { test } from "node:test";
import { readable } from "../src/dates.js";

test("a date is shown as a person writes it, any other text as it is", () => {
  assert.equal(readable("2026-11-21"), "Nov 21, 2026");
  assert.equal(readable("2026-11-21T23:59:59.000Z"), "Nov 21, 2026");
  for (const text of ["", "soon", "2026-13-45", null]) assert.equal(readable(text), text);
});

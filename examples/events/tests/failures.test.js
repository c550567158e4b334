import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { Api } from "../src/api.js";
import { explain } from "../src/failures.js";

/** What Amplify itself makes of an answer, explained. */
async function explained(status, body) {
  const server = createServer((_, response) => response.writeHead(status).end(body)).listen(0, "127.0.0.1");
  await new Promise((listening) => server.once("listening", listening));
  const url = `http://127.0.0.1:${server.address().port}/graphql`;
  if (status === null) await new Promise((closed) => server.close(closed));
  try {
    await new Api({ url, token: "t" }, () => {}).request("query Q { region }");
    assert.fail("the request did not fail");
  } catch (error) {
    return { url, ...explain(error, url) };
  } finally {
    server.close();
  }
}

test("a refused token is told from everything else", async () => {
  const unauthorized = JSON.stringify({ errors: [{ errorType: "UnauthorizedException", message: "No." }] });
  const { title, remedy } = await explained(401, unauthorized);
  assert.equal(title, "The endpoint refused the token");
  assert.match(remedy, /npm run configure/);
});

test("an endpoint that nobody answers at is named", async () => {
  const { url, title, remedy } = await explained(null);
  assert.equal(title, "The endpoint cannot be reached");
  assert.ok(remedy.includes(url));
});

test("an endpoint that cannot serve is told by its status", async () => {
  assert.equal((await explained(503, '{"errors": []}')).title, "The endpoint answered with HTTP 503");
});

test("errors of the API are told in its own words", async () => {
  const errors = [{ message: "name is too long" }, { message: "when is no date" }];
  const { remedy } = await explained(200, JSON.stringify({ data: null, errors }));
  assert.equal(remedy, "name is too long; when is no date");
});

test("any other fault shows its message", () => {
  assert.equal(explain(new Error("unforeseen"), "https://a").remedy, "unforeseen");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { ConnectionState } from "aws-amplify/api";
import { WORDS, connectionAfter } from "../src/connection.js";

test("every state that Amplify may get into has its words", () => {
  for (const state of Object.values(ConnectionState)) assert.ok(WORDS[connectionAfter("connecting", state)], state);
});

test("a connection counts as lost until it is live again", () => {
  const story = ["Connecting", "Connected", "ConnectionDisrupted", "Connecting", "ConnectionDisrupted", "Connected"];
  let connection = "connecting";
  const told = story.map((state) => (connection = connectionAfter(connection, ConnectionState[state])));
  assert.deepEqual(told, ["connecting", "live", "lost", "lost", "lost", "live"]);
});

test("a connection that never was is not lost", () => {
  assert.equal(connectionAfter("connecting", ConnectionState.ConnectionDisrupted), "connecting");
});

test("without a network the page says so instead", () => {
  assert.equal(connectionAfter("live", ConnectionState.ConnectedPendingNetwork), "offline");
  assert.equal(connectionAfter("lost", ConnectionState.ConnectionDisruptedPendingNetwork), "offline");
});

// The real aws-amplify package against the stack's global endpoint. The stack's tokens and endpoints come from
// public/config.json; NODE_EXTRA_CA_CERTS names the authority.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Amplify } from "aws-amplify";
import { generateClient } from "aws-amplify/api";
import { Hub } from "aws-amplify/utils";
import { Relay } from "./support/relay.js";
import { ask, config, endpoint, through, until } from "./support/stack.js";

const LAMBDA = { authMode: "lambda", authToken: config.token };
const CREATE = `mutation Create($name: String!) {
  createEvent(name: $name, when: "2026-12-24", where: "here", description: "") { id name }
}`;
const COMMENT = `mutation Comment($eventId: ID!, $content: String!) {
  commentOnEvent(eventId: $eventId, content: $content, createdAt: "2026-11-21") { content }
}`;
const CREATED = "subscription Created { subscribeToEventCreated { id name } }";
const COMMENTED = "subscription Commented($id: String!) { subscribeToEventComments(eventId: $id) { content } }";

const relay = new Relay(new URL(endpoint("London")).port);
const client = generateClient();
const states = [];
let acknowledged = 0;

before(async () => {
  Hub.listen("api", ({ payload: { event, data } }) => {
    if (event === "ConnectionStateChange") states.push(data.connectionState);
    if (event === "Subscription ack") acknowledged += 1;
  });
  await relay.mend();
  Amplify.configure({ API: { GraphQL: { endpoint: through(relay, "London"), defaultAuthMode: "lambda" } } });
});

after(() => relay.cut());

/** Subscribes, and returns what comes in once the service has taken the subscription. */
async function subscribe(query, variables = {}) {
  const received = [];
  const before = acknowledged;
  const subscription = client.graphql({ query, variables, ...LAMBDA }).subscribe({
    next: ({ data }) => received.push(...Object.values(data)),
    error: (error) => received.push(error),
  });
  await until(() => acknowledged > before, "the subscription's acknowledgement");
  return { received, end: () => subscription.unsubscribe() };
}

test("a mutation and a query", async () => {
  const { data } = await client.graphql({ query: CREATE, variables: { name: "Breakfast" }, ...LAMBDA });
  assert.equal(data.createEvent.name, "Breakfast");
  const query = "query Get($id: ID!) { region getEvent(id: $id) { name when } }";
  const found = await client.graphql({ query, variables: { id: data.createEvent.id }, ...LAMBDA });
  assert.deepEqual(found.data, { region: "eu-west-1", getEvent: { name: "Breakfast", when: "2026-12-24" } });
});

test("a subscriber in London hears of what was written in Melbourne, once", async () => {
  const { received, end } = await subscribe(CREATED);
  const { createEvent } = await ask("Melbourne", CREATE, { name: "Supper" });
  const heard = () => received.filter(({ id }) => id === createEvent.id); // and maybe, late, of what was written before
  await until(() => heard().length, "the event");
  await sleep(1000); // a second notice would have come by now
  assert.deepEqual(heard(), [createEvent]);
  end();
});

test("comments come to those who follow their event", async () => {
  const [here, elsewhere] = [await ask("London", CREATE, { name: "a" }), await ask("London", CREATE, { name: "b" })];
  const { received, end } = await subscribe(COMMENTED, { id: here.createEvent.id });
  await ask("Melbourne", COMMENT, { eventId: elsewhere.createEvent.id, content: "not for us" });
  await ask("Melbourne", COMMENT, { eventId: here.createEvent.id, content: "for us" });
  await until(() => received.length, "the comment");
  assert.deepEqual(received, [{ content: "for us" }]);
  end();
});

test("a lost connection comes back by itself", async () => {
  const { received, end } = await subscribe(CREATED);
  await relay.cut();
  await until(() => states.at(-1) === "ConnectionDisrupted", "the loss being noticed");
  await relay.mend();
  await until(() => states.at(-1) === "Connected", "the connection being live again");
  const { createEvent } = await ask("Melbourne", CREATE, { name: "Afterwards" });
  await until(() => received.length, "the event");
  assert.deepEqual(received, [createEvent]);
  end();
});

test("a wrong token is refused, and a right one does not let a client publish", async () => {
  const wrong = { ...LAMBDA, authToken: "custom-authorized" };
  const refused = await client.graphql({ query: "{ region }", ...wrong }).catch((error) => error);
  assert.equal(refused.errors[0].message, "Unauthorized");
  assert.equal(refused.errors[0].originalError.response.statusCode, 401);
  const forged = 'mutation { publishEventCreated(item: "{}") { id } }';
  const forbidden = await client.graphql({ query: forged, ...LAMBDA }).catch((error) => error);
  assert.match(forbidden.errors[0].message, /Unauthorized|Not Authorized/);
});

// The built page in Chromium, against the stack that public/config.json names.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import { preview } from "vite";
import { launch } from "./support/chromium.js";
import { Relay } from "./support/relay.js";
import { ask, config, endpoint, through } from "./support/stack.js";

const CREATE = `mutation Create($name: String!) {
  createEvent(name: $name, when: "2026-12-24", where: "Sydney", description: "From the test") { id }
}`;
const UPDATE = "mutation Update($id: ID!, $name: String) { updateEvent(id: $id, name: $name) { id } }";
const DELETE = "mutation Delete($id: ID!) { deleteEvent(id: $id) { id } }";
const COMMENT = `mutation Comment($eventId: ID!, $content: String!) {
  commentOnEvent(eventId: $eventId, content: $content, createdAt: "2026-11-21T08:00:00Z") { commentId }
}`;

let server, browser, context;

before(async () => {
  const root = fileURLToPath(new URL("..", import.meta.url));
  server = await preview({ root, preview: { port: 0 } });
  browser = await launch("London");
});

after(async () => {
  await browser?.close();
  await server?.close();
});

beforeEach(async () => {
  context = await browser.newContext({ locale: "en" });
  context.setDefaultTimeout(20_000);
});

afterEach(() => context.close());

/** The page as a person in `city` sees it, with other settings than the stack's where they are given. */
async function visit(city, settings) {
  const page = await context.newPage();
  if (settings) await page.route("**/config.json", (route) => route.fulfill({ json: settings }));
  await page.goto(`${server.resolvedUrls.local[0]}?from=${city}`);
  return page;
}

/** A way to London's endpoint that the test can break. */
function relayed(t) {
  const relay = new Relay(new URL(endpoint("London")).port);
  t.after(() => relay.cut());
  return relay.mend();
}

const reached = (relay) => ({ ...config, endpoints: [{ name: "London", url: through(relay, "London") }] });
const connection = (page, words) => page.getByRole("status").filter({ hasText: words }).waitFor();
const event = (page, name) => page.getByRole("button", { name });

async function add(page, name) {
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("When").fill("2026-12-31");
  await page.getByLabel("Where").fill("London");
  await page.getByLabel("Description").fill("Fireworks");
  await page.getByRole("button", { name: "Add event" }).click();
}

test("an event that is added in London appears in Melbourne", async () => {
  const [london, melbourne] = [await visit("London"), await visit("Melbourne")];
  for (const page of [london, melbourne]) await connection(page, "Live");
  await london.getByText("Served from eu-west-1").waitFor();
  await melbourne.getByText("Served from ap-southeast-2").waitFor();

  await add(london, "New Year's Eve");

  for (const page of [london, melbourne]) await event(page, "New Year's Eve Dec 31, 2026 · London").waitFor();
  assert.equal(await london.getByLabel("Name").inputValue(), "");
});

test("comments appear to everyone who has the event open", async () => {
  const { createEvent } = await ask("London", CREATE, { name: "Commented" });
  const [london, melbourne] = [await visit("London"), await visit("Melbourne")];
  for (const page of [london, melbourne]) {
    await event(page, "Commented").click();
    await page.getByText("From the test").waitFor();
    await page.getByText("None yet.").waitFor();
    await connection(page, "Live");
  }
  await london.getByLabel("Your comment").fill("See you there");
  await london.getByRole("button", { name: "Comment", exact: true }).click();
  for (const page of [london, melbourne]) await page.getByRole("listitem").filter({ hasText: "See you there" }).waitFor();
  await ask("Melbourne", COMMENT, { eventId: createEvent.id, content: "Me too" });
  await london.getByText("New comment on Commented: Me too").waitFor({ state: "attached" });
  assert.deepEqual(await london.locator(".comments li").allInnerTexts(), [
    expectedComment("See you there", new Date()),
    "Me too\nNov 21, 2026",
  ]);
});

function expectedComment(content, date) {
  const day = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeZone: "UTC" }).format(date);
  return `${content}\n${day}`;
}

test("changes and deletions show at once, and are said aloud", async () => {
  const { createEvent } = await ask("London", CREATE, { name: "Draft" });
  const page = await visit("London");
  await event(page, "Draft").click();
  await connection(page, "Live");
  await ask("Melbourne", UPDATE, { id: createEvent.id, name: "Final" });
  await page.getByRole("heading", { name: "Final" }).waitFor();
  const { id } = (await ask("Melbourne", CREATE, { name: "Extra" })).createEvent;
  const said = page.locator("[aria-live=polite]");
  await said.filter({ hasText: "New event: Extra" }).waitFor({ state: "attached" });
  await ask("Melbourne", DELETE, { id });
  await said.filter({ hasText: "Extra was deleted" }).waitFor({ state: "attached" });
  await event(page, "Extra").waitFor({ state: "detached" });
});

test("what was written while the connection was lost is there when it is back", async (t) => {
  const relay = await relayed(t);
  const page = await visit("London", reached(relay));
  await connection(page, "Live");
  await relay.cut();
  await connection(page, "Connection lost, reconnecting");
  await ask("Melbourne", CREATE, { name: "Missed" });
  await relay.mend();
  await connection(page, "Live");
  await event(page, "Missed").waitFor();
  await page.getByRole("alert").waitFor({ state: "detached" });
});

test("an endpoint that cannot be reached is told, and can be tried again", async (t) => {
  const relay = await relayed(t);
  const settings = reached(relay);
  await relay.cut();
  const page = await visit("London", settings);
  const alert = page.getByRole("alert");
  await alert.filter({ hasText: "The endpoint cannot be reached" }).waitFor();
  await alert.filter({ hasText: settings.endpoints[0].url }).waitFor();
  await relay.mend();
  await page.getByRole("button", { name: "Try again" }).click();
  await alert.waitFor({ state: "detached" });
});

test("a refused token is told, with the remedy", async () => {
  const page = await visit("London", { ...config, token: "custom-authorized" });
  const alert = page.getByRole("alert");
  await alert.filter({ hasText: "The endpoint refused the token" }).waitFor();
  await alert.filter({ hasText: "npm run configure" }).waitFor();
});

test("without a configuration the page says what to do", async () => {
  const page = await context.newPage();
  await page.route("**/config.json", (route) => route.fulfill({ status: 404 }));
  await page.goto(server.resolvedUrls.local[0]);
  await page.getByRole("alert").filter({ hasText: "npm run configure" }).waitFor();
});

test("the cities of the local stack can be changed between", async () => {
  const page = await visit("London");
  await page.getByLabel("Viewer in").selectOption("Melbourne");
  await page.waitForURL(/from=Melbourne/);
  await page.getByText("Served from ap-southeast-2").waitFor();
});

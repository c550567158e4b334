import assert from "node:assert/strict";
import { test } from "node:test";
import { CatchUp } from "../src/catch_up.js";
import { Collection } from "../src/collection.js";

/** Time that a test lets pass: `pass()` ends the pause that is under way, and returns how long it was to be. */
function clock() {
  const pauses = [];
  const turn = () => new Promise((resume) => setImmediate(resume));
  return {
    sleep: (milliseconds) => new Promise((resume) => pauses.push({ milliseconds, resume })),
    async pass() {
      await turn();
      const { milliseconds, resume } = pauses.shift();
      resume();
      await turn();
      return milliseconds;
    },
  };
}

test("no write is missed over a change of regions, whenever it was made", async () => {
  const { sleep, pass } = clock();
  const elsewhere = [{ id: "before" }];
  const events = new Collection("id", async () => [...elsewhere]);
  const catchUp = new CatchUp(() => events.relist(), assert.fail, sleep);

  await events.relist();
  elsewhere.push({ id: "while there was no connection" }); // and nobody was told
  const caughtUp = catchUp.begin(); // the subscription is taken
  events.set({ id: "told by the subscription" });
  elsewhere.push({ id: "told by the subscription" });
  elsewhere.push({ id: "replicated late" }); // written before the subscription, and there after the list was read
  await pass();
  await caughtUp;

  const expected = ["before", "while there was no connection", "told by the subscription", "replicated late"];
  assert.deepEqual([...events.items.keys()].sort(), expected.sort());
});

test("a listing that fails is repeated, ever more seldom, until it succeeds", async () => {
  const { sleep, pass } = clock();
  const errors = [];
  let answers = 0;
  const list = async () => {
    if (++answers < 8) throw new Error(`no answer ${answers}`);
  };
  const caughtUp = new CatchUp(list, (error) => errors.push(error.message), sleep).begin();
  const pauses = [];
  for (let each = 0; each < 8; each += 1) pauses.push(await pass());
  await caughtUp;
  assert.equal(errors.length, 7);
  assert.deepEqual(pauses, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 5_000]);
});

test("who begins anew takes the place of who began before, and nobody lists after the end", async () => {
  const { sleep, pass } = clock();
  let listed = 0;
  const catchUp = new CatchUp(async () => (listed += 1), assert.fail, sleep);
  const first = catchUp.begin();
  const second = catchUp.begin();
  await pass();
  await first;
  assert.equal(listed, 2); // each at once, and the first one not again
  catchUp.end();
  await pass();
  await second;
  assert.equal(listed, 2);
});

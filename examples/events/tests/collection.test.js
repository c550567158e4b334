import assert from "node:assert/strict";
import { test } from "node:test";
import { Collection } from "../src/collection.js";

/** A collection whose listings the test answers itself, in the order in which they begin. */
function prepared() {
  const begun = [];
  const read = () => new Promise((answer, fail) => begun.push({ answer, fail }));
  return { begun, collection: new Collection("id", read) };
}

const item = (id, text) => ({ id, text });
const turn = () => new Promise((resume) => setImmediate(resume));
const kept = (collection) => [...collection.items.values()];

test("a listing brings all items and drops those that are gone", async () => {
  const { begun, collection } = prepared();
  collection.set(item("gone"));
  const listing = collection.relist();
  begun[0].answer([item("a"), item("b")]);
  await listing;
  assert.deepEqual(kept(collection), [item("a"), item("b")]);
});

test("a change that comes twice is made once", () => {
  const { collection } = prepared();
  collection.set(item("a", "new"));
  collection.set(item("a", "new"));
  assert.deepEqual(kept(collection), [item("a", "new")]);
  collection.remove(item("a"));
  collection.remove(item("a"));
  assert.deepEqual(kept(collection), []);
});

test("what changes during a listing holds against it", async () => {
  const { begun, collection } = prepared();
  const listing = collection.relist();
  collection.set(item("created"));
  collection.set(item("changed", "after"));
  collection.remove(item("deleted"));
  begun[0].answer([item("changed", "before"), item("deleted")]);
  await listing;
  assert.deepEqual(kept(collection), [item("changed", "after"), item("created")]);
});

test("a change during one listing does not hold against the next", async () => {
  const { begun, collection } = prepared();
  const first = collection.relist();
  collection.set(item("a", "then"));
  begun[0].answer([]);
  await first;
  const second = collection.relist();
  begun[1].answer([item("a", "now")]);
  await second;
  assert.deepEqual(kept(collection), [item("a", "now")]);
});

test("a listing that is asked for during another begins after it, however often it is asked for", async () => {
  const { begun, collection } = prepared();
  const all = Promise.all([collection.relist(), collection.relist(), collection.relist()]);
  begun[0].answer([item("old")]);
  await turn();
  assert.equal(begun.length, 2);
  begun[1].answer([item("new")]);
  await all;
  assert.deepEqual(kept(collection), [item("new")]);
});

test("a listing that fails leaves the items as they are, and the next one can succeed", async () => {
  const { begun, collection } = prepared();
  collection.set(item("a"));
  const failing = collection.relist();
  begun[0].fail(new Error("no answer"));
  await assert.rejects(failing, /no answer/);
  assert.deepEqual(kept(collection), [item("a")]);
  const listing = collection.relist();
  begun[1].answer([item("b")]);
  await listing;
  assert.deepEqual(kept(collection), [item("b")]);
});

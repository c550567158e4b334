import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** What `npm run configure` wrote of the stack. */
export const config = JSON.parse(readFileSync(new URL("../../public/config.json", import.meta.url), "utf8"));

export function endpoint(city) {
  return config.endpoints.find(({ name }) => name === city).url;
}

/** The endpoint of `city` by way of a relay. */
export function through(relay, city) {
  const url = new URL(endpoint(city));
  url.port = relay.port;
  return url.href;
}

/** The data of a request that does not go through the client under test. */
export async function ask(city, query, variables = {}) {
  const answer = await fetch(endpoint(city), {
    method: "POST",
    headers: { Authorization: config.token },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await answer.json();
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

/** Waits until `condition` gives something truthy, and returns it. */
export async function until(condition, what, seconds = 20) {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const found = await condition();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`);
    await sleep(50);
  }
}

import { Amplify } from "aws-amplify";
import { CONNECTION_STATE_CHANGE, generateClient } from "aws-amplify/api";
import { Hub } from "aws-amplify/utils";

const SUBSCRIPTION_ACK = "Subscription ack";

/** The stack's API at one endpoint, by Amplify's client. */
export class Api {
  #client;
  #authorization;
  #acknowledged = new Map();

  /** @param {(state: string) => void} onConnection hears of each state that Amplify's connection gets into */
  constructor({ url, token }, onConnection) {
    Amplify.configure(
      { API: { GraphQL: { endpoint: url, defaultAuthMode: "lambda" } } },
      // Amplify would send a mutation up to three times: where only the answer was lost, it would be made twice.
      { API: { REST: { retryStrategy: { strategy: "no-retry" } } } },
    );
    this.#client = generateClient();
    this.#authorization = { authMode: "lambda", authToken: token };
    Hub.listen("api", ({ payload: { event, data } }) => {
      if (event === CONNECTION_STATE_CHANGE) onConnection(data.connectionState);
      if (event === SUBSCRIPTION_ACK) this.#acknowledged.get(operationName(data.query))?.();
    });
  }

  /** The data of a query or mutation. */
  async request(query, variables = {}) {
    return (await this.#client.graphql({ query, variables, ...this.#authorization })).data;
  }

  /** All items of a list that comes in pages; `pick` finds the page in the data. */
  async all(query, variables, pick) {
    const items = [];
    let nextToken = null;
    do {
      const page = pick(await this.request(query, { ...variables, nextToken }));
      items.push(...(page?.items ?? []));
      nextToken = page?.nextToken;
    } while (nextToken);
    return items;
  }

  /**
   * @param {string} query with a name of its own
   * @param {{next: (item: object) => void, ready: () => void, failed: (error: unknown) => void}} listener
   *   `ready` is called whenever the service has taken the subscription, which it does anew after each reconnection:
   *   what was published until then was missed
   * @returns {() => void} ends the subscription
   */
  subscribe(query, variables, { next, ready, failed }) {
    const name = operationName(query);
    this.#acknowledged.set(name, ready);
    const subscription = this.#client.graphql({ query, variables, ...this.#authorization }).subscribe({
      next: ({ data }) => Object.values(data).filter(Boolean).forEach(next),
      error: failed,
    });
    return () => {
      if (this.#acknowledged.get(name) === ready) this.#acknowledged.delete(name);
      subscription.unsubscribe();
    };
  }
}

function operationName(document) {
  return /subscription (\w+)/.exec(document)[1];
}

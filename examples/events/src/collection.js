/**
 * Items by key, kept right while listings and live changes cross each other: a change that comes while a listing is
 * under way is made once more on top of it, since the listing may have been read before.
 *
 * A change may come twice (streams deliver at least once); it is the same change then.
 */
export class Collection {
  #key;
  #read;
  #crossing = [];
  #listing = null;
  #again = false;

  /**
   * @param {string} key the property that tells items apart
   * @param {() => Promise<object[]>} read brings all items
   * @param {Map<string, object>} items where they are kept
   */
  constructor(key, read, items = new Map()) {
    this.#key = key;
    this.#read = read;
    this.items = items;
  }

  set(item) {
    this.#change(() => this.items.set(item[this.#key], item));
  }

  remove(item) {
    this.#change(() => this.items.delete(item[this.#key]));
  }

  /** Brings the items up to what `read` finds from now on: a listing under way began too early, so one more follows. */
  relist() {
    if (this.#listing) this.#again = true;
    else this.#listing = this.#list().finally(() => (this.#listing = null));
    return this.#listing;
  }

  async #list() {
    do {
      this.#again = false;
      this.#crossing = [];
      const found = await this.#read();
      this.items.clear();
      for (const item of found) this.items.set(item[this.#key], item);
      for (const change of this.#crossing) change();
    } while (this.#again);
  }

  #change(change) {
    change();
    if (this.#listing) this.#crossing.push(change);
  }
}

const SETTLED = 5_000; // milliseconds in which what was written elsewhere has been replicated, and an old read is over
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;

/**
 * Makes up for what nobody told while there was no connection: to be begun whenever the service has taken a
 * subscription, and not before. AppSync tells of everything from then on, and repeats nothing of before.
 *
 * It lists at once, and once more a little later: the region that lists may not have got yet what was written in
 * another one just before. A listing that fails is repeated, ever more seldom; another beginning takes its place.
 */
export class CatchUp {
  #list;
  #failed;
  #sleep;
  #turn = 0;

  /**
   * @param {() => Promise<void>} list brings everything up to date, by what it finds from now on
   * @param {(error: unknown) => void} failed hears of each listing that fails
   */
  constructor(list, failed, sleep = (milliseconds) => new Promise((resume) => setTimeout(resume, milliseconds))) {
    this.#list = list;
    this.#failed = failed;
    this.#sleep = sleep;
  }

  /** @returns {Promise<void>} everything is there, or somebody began anew */
  async begin() {
    const turn = ++this.#turn;
    await this.#persist(turn);
    await this.#sleep(SETTLED);
    await this.#persist(turn);
  }

  /** Lists no more. */
  end() {
    this.#turn += 1;
  }

  async #persist(turn) {
    for (let pause = FIRST_PAUSE; turn === this.#turn; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      try {
        return await this.#list();
      } catch (error) {
        if (turn === this.#turn) this.#failed(error);
      }
      await this.#sleep(pause);
    }
  }
}

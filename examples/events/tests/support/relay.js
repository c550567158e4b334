import { connect, createServer } from "node:net";

/** Leads to a port of this machine until it is cut: a network that a test can break. */
export class Relay {
  #sockets = new Set();
  #server;

  constructor(port) {
    this.#server = createServer((near) => {
      const far = connect(port, "127.0.0.1");
      for (const socket of [near, far]) {
        this.#sockets.add(socket);
        socket.on("error", () => {}).on("close", () => {
          this.#sockets.delete(socket);
          near.destroy();
          far.destroy();
        });
      }
      near.pipe(far).pipe(near);
    });
  }

  async mend() {
    await new Promise((listening) => this.#server.listen(this.port ?? 0, "127.0.0.1", listening));
    this.port = this.#server.address().port;
    return this;
  }

  async cut() {
    if (!this.#server.listening) return;
    const closed = new Promise((done) => this.#server.close(done));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}

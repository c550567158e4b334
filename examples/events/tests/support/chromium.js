import { X509Certificate, createHash } from "node:crypto";
import { connect } from "node:tls";
import { chromium } from "playwright-core";
import { endpoint } from "./stack.js";

// Without these, Chromium asks for hosts in the internet while it starts.
const QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic"];

/**
 * Chromium, which trusts the stack's endpoint in `city` by the very key that it has there. That the certificate is
 * good, for that name and from the sandbox's authority, is checked here; Chromium itself takes no further authorities.
 */
export async function launch(city) {
  const fingerprint = await keyOf(new URL(endpoint(city)));
  return chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: [...QUIET, "--no-sandbox", `--ignore-certificate-errors-spki-list=${fingerprint}`],
  });
}

function keyOf({ hostname, port }) {
  return new Promise((found, failed) => {
    const socket = connect({ host: "127.0.0.1", port, servername: hostname }, () => {
      const { publicKey } = new X509Certificate(socket.getPeerCertificate().raw);
      found(createHash("sha256").update(publicKey.export({ type: "spki", format: "der" })).digest("base64"));
      socket.destroy();
    }).on("error", failed);
  });
}

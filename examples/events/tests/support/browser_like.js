// Loaded before the tests (node --import), so that aws-amplify finds in Node what a browser gives it.
import dns from "node:dns";
import { WebSocket } from "ws";

// Browsers and curl know that `.localhost` is this machine (RFC 6761); the system's resolver may not.
const { lookup } = dns;
dns.lookup = (host, options, callback) =>
  lookup.call(dns, host.endsWith(".localhost") ? "127.0.0.1" : host, options, callback);

globalThis.WebSocket ??= WebSocket;

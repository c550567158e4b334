import { ConnectionState } from "aws-amplify/api";

/** @typedef {"connecting" | "live" | "lost" | "offline"} Connection */

export const WORDS = {
  connecting: "Connecting…",
  live: "Live",
  lost: "Connection lost, reconnecting…",
  offline: "Offline, waiting for the network…",
};

/**
 * What to tell of the connection once Amplify says that its state is `state`.
 *
 * @param {Connection} before
 * @returns {Connection}
 */
export function connectionAfter(before, state) {
  switch (state) {
    case ConnectionState.Connected:
    case ConnectionState.ConnectedPendingKeepAlive:
      return "live";
    case ConnectionState.ConnectedPendingNetwork:
    case ConnectionState.ConnectionDisruptedPendingNetwork:
      return "offline";
    case ConnectionState.ConnectionDisrupted:
      return before === "connecting" ? before : "lost"; // what never was cannot be lost
    default: // an attempt to connect again is no news yet
      return before;
  }
}

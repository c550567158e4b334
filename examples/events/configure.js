// Writes what the page needs to know of a stack: node configure.js [--stack local]
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { stack } = parseArgs({ options: { stack: { type: "string", default: "local" } } }).values;
const project = fileURLToPath(new URL("../..", import.meta.url));
const target = fileURLToPath(new URL("public/config.json", import.meta.url));

function antipodes(command) {
  try {
    const options = { cwd: project, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] };
    return JSON.parse(execFileSync(`${project}.venv/bin/antipodes`, [command, "--stack", stack, "--json"], options));
  } catch (error) {
    const why = error.code === "ENOENT" ? `${project}.venv is not there; run make setup` : `antipodes ${command} failed`;
    console.error(`Nothing written: ${why}.`);
    process.exit(1);
  }
}

const { url, edges } = antipodes("status");
const { token } = antipodes("token");
const local = edges.map(({ city, url }) => ({ name: city, url }));
const endpoints = local.length > 0 ? local : [{ name: new URL(url).host, url }];
mkdirSync(new URL("public", import.meta.url), { recursive: true });
writeFileSync(target, JSON.stringify({ token, endpoints }, null, 2), { mode: 0o600 });
console.log(`public/config.json: ${endpoints.map(({ name, url }) => `${name} ${url}`).join(", ")}`);

// node requests.js FOLDER EVENT REPORT COUNT GAP RESOLVER: as requests.py does, for a handler in FOLDER/index.js.
"use strict";

const dns = require("dns");
const fs = require("fs");
const path = require("path");

const [folder, eventFile, reportFile, count, gap, resolver] = process.argv.slice(2);
dns.setServers([resolver]);
const { handler } = require(path.join(folder, "index.js"));
const text = fs.readFileSync(eventFile, "utf8");

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const invoke = (event) =>
  new Promise((resolve, reject) =>
    handler(event, {}, (error, answer) => (error ? reject(error) : resolve(answer))),
  );

(async () => {
  const times = [];
  let answer;
  for (let at = 0; at < Number(count); at += 1) {
    if (Number(gap)) await wait(Number(gap) * 1000);
    const event = JSON.parse(text);
    const begun = process.hrtime.bigint();
    answer = await invoke(event);
    times.push(Number(process.hrtime.bigint() - begun));
  }
  const host = answer.origin ? answer.origin.custom.domainName : null;
  fs.writeFileSync(reportFile, JSON.stringify({ times, host, memory: process.memoryUsage().rss }));
})();

// node runtime.js RESOLVER: the least that runs ./index.js behind Lambda's Runtime API. AWS's own client for Node.js
// comes with Lambda alone, so this stands in for it; it does less, which is in favour of what it runs.
"use strict";

const dns = require("dns");
const http = require("http");
const path = require("path");

dns.setServers([process.argv[2]]);
const { handler } = require(path.join(process.cwd(), "index.js"));
const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");
const agent = new http.Agent({ keepAlive: true });

function exchange(method, what, body) {
  return new Promise((resolve, reject) => {
    const options = { agent, host, port, method, path: `/2018-06-01/runtime/invocation/${what}` };
    const request = http.request(options, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () => resolve({ headers: answer.headers, body: Buffer.concat(parts).toString() }));
    });
    request.on("error", reject);
    request.end(body);
  });
}

(async () => {
  for (;;) {
    const { headers, body } = await exchange("GET", "next");
    const answer = await new Promise((resolve, reject) =>
      handler(JSON.parse(body), {}, (error, value) => (error ? reject(error) : resolve(value))),
    );
    await exchange("POST", `${headers["lambda-runtime-aws-request-id"]}/response`, JSON.stringify(answer));
  }
})();

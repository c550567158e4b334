// What CloudFront's JavaScript runtime 2.0 gives a function beside the language, and what of the engine's own it lacks.
// Evaluated before the function's code; `started` is the time of the run, `edgeLocation` the place, `hasStore` whether
// the function has a key value store. Leaves `sandbox` to Python and `cloudfront` to the function's import.
(({started, edgeLocation, hasStore}) => {
  const refuse = (message) => { throw new Error(message); };
  const missing = (what) => refuse(`The sandbox does not emulate ${what}.`);

  // "Restricted features": no dynamic code, no clock that moves. What is in neither ECMAScript 5.1 nor
  // the lists of "Primitive objects" and "Built-in objects" is taken away.
  const dynamic = function () { refuse("Dynamic code evaluation is not supported."); };
  for (const made of [function () {}, async function () {}, function* () {}, async function* () {}]) {
    Object.defineProperty(Object.getPrototypeOf(made), "constructor", {value: dynamic});
  }
  const RealDate = Date;
  const Guard = Proxy;
  globalThis.Date = new Guard(RealDate, {
    construct: (target, given) => (given.length ? new target(...given) : new target(started)),
    apply: () => new RealDate(started).toString(),
    get: (target, name) => (name === "now" ? () => started : target[name]),
  });
  for (const name of ["Function", "eval"]) {
    globalThis[name] = dynamic;
  }
  for (const name of [
    "AsyncDisposableStack", "Atomics", "BigInt", "BigInt64Array", "BigUint64Array", "DOMException", "DisposableStack",
    "FinalizationRegistry", "Float16Array", "Iterator", "Map", "Proxy", "Reflect", "Set", "SharedArrayBuffer",
    "SuppressedError", "WeakMap", "WeakRef", "WeakSet", "escape", "performance", "queueMicrotask", "unescape",
  ]) {
    delete globalThis[name];
  }
  const hasOwn = Object.hasOwn;
  const documented = {
    Array: "isArray of",
    "Array.prototype": "concat copyWithin every fill filter find findIndex forEach includes indexOf join lastIndexOf map "
      + "pop push reduce reduceRight reverse shift slice some sort splice toLocaleString toString unshift",
    Object: "assign create defineProperties defineProperty entries freeze getOwnPropertyDescriptor "
      + "getOwnPropertyDescriptors getOwnPropertyNames getPrototypeOf is isExtensible isFrozen isSealed keys "
      + "preventExtensions seal setPrototypeOf values",
    Promise: "all allSettled any race reject resolve",
    String: "fromCharCode fromCodePoint",
    "String.prototype": "charAt charCodeAt codePointAt concat endsWith includes indexOf lastIndexOf localeCompare match "
      + "padEnd padStart repeat replace replaceAll search slice split startsWith substr substring toLocaleLowerCase "
      + "toLocaleUpperCase toLowerCase toString toUpperCase trim trimEnd trimStart valueOf",
  };
  for (const [path, names] of Object.entries(documented)) {
    const owner = path.split(".").reduce((object, part) => object[part], globalThis);
    const kept = ["constructor", "length", "name", "prototype", ...names.split(" ")];
    Object.getOwnPropertyNames(owner).filter((name) => !kept.includes(name)).forEach((name) => { delete owner[name]; });
  }
  for (const name of ["Buffer", "TextDecoder", "TextEncoder"]) {
    Object.defineProperty(globalThis, name, {get: () => missing(name)});
  }
  globalThis.require = (name) => missing(`the module ${name} in a CloudFront Function`);

  const lines = [];
  globalThis.console = {log: (line) => { lines.push(String(line)); }};

  // "Helper methods for key value stores": what is asked waits in `questions` until Python answers.
  const questions = [];
  const ask = (kind, key) => new Promise((resolve, reject) => { questions.push({kind, key, resolve, reject}); });
  const formats = {
    string: (value) => value,
    json: JSON.parse,
    bytes: () => missing("the format bytes of a key value store"),
  };
  const get = async (key, options) => {
    const format = options?.format ?? "string";
    const read = hasOwn(formats, format) ? formats[format] : refuse(`There is no format ${format}.`);
    return read(await ask("get", String(key)));
  };
  const kvs = () => (hasStore ? {
    get,
    exists: (key) => ask("exists", String(key)),
    meta: () => missing("meta() of a key value store"),
  } : refuse("The function has no key value store."));

  let origin = null;
  const updateRequestOrigin = (parameters) => { origin = JSON.parse(JSON.stringify(parameters)); };
  const members = {edgeLocation, kvs, updateRequestOrigin};
  globalThis.cloudfront = new Guard(members, {
    get: (own, name) => (hasOwn(own, name) || typeof name === "symbol"
      ? own[name] : missing(`${name} of the module cloudfront`)),
  });

  let outcome = null;
  globalThis.sandbox = {
    start: (handler, event) => {
      Object.defineProperty(event.request, "rawQueryString", {value: () => missing("request.rawQueryString()")});
      (async () => handler(event))().then(
        (value) => { outcome = {value: value ?? null}; },
        (error) => { outcome = {error: String(error)}; },
      );
    },
    asked: () => (questions.length ? JSON.stringify([questions[0].kind, questions[0].key]) : ""),
    answer: (found, value) => {
      const {kind, key, resolve, reject} = questions.shift();
      if (kind === "exists") resolve(found);
      else if (found) resolve(value);
      else reject(new Error(`The key ${key} is not in the key value store.`));
    },
    report: () => JSON.stringify({...outcome, ended: outcome !== null, origin, lines}),
  };
})

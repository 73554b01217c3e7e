"use strict";

// Preloaded into the Node processes that Pulumi starts, which load half as much before they do anything.

const Module = require("node:module");

// What is loaded at start and seldom used: TypeScript's compiler (9 MB) and npm's own resolver (400 files), by which
// the SDK puts functions into words, which nothing here asks for (see infra/dynamic-resource.ts); what sends traces,
// which only `pulumi --tracing` asks for; and the clients of Kafka and ClickHouse, which a preview seldom calls.
const seldomUsed = new RegExp(
  `^(${[
    "@npmcli/arborist",
    "normalize-package-data",
    ".*/typescript-shim",
    "@opentelemetry/(exporter-zipkin|instrumentation|instrumentation-grpc|resources|sdk-trace-base|sdk-trace-node)",
    "kafkajs",
    "@clickhouse/client",
  ].join("|")})$`,
);

const load = Module._load;
Module._load = function (request, asker, ...rest) {
  const now = () => load.call(Module, request, asker, ...rest);
  if (seldomUsed.test(request) && !isNpm(asker)) return later(now);
  if (request.endsWith("/closure/v8Hooks")) return unhurried(now());
  return request.endsWith("/runtime/debuggable") || request === "./debuggable"
    ? calm(now())
    : now();
};

/** npm, which Pulumi and commands below it start as well, uses its resolver at once. */
function isNpm(asker) {
  return /[\\/]node_modules[\\/]npm[\\/]/.test(asker?.filename ?? "");
}

/** A module that is loaded when something is first asked of it. */
function later(loadNow) {
  // A package that is no ES module is its own default export.
  const complete = (found) =>
    found.__esModule ? found : Object.assign(Object.create(found), { default: found });
  let loaded;
  const whole = () => (loaded ??= complete(loadNow()));
  return new Proxy({}, { get: (_, key) => key === "__esModule" || whole()[key] });
}

/** The SDK connects a debugger before the program, for functions put into words. It connects when first asked. */
function unhurried(v8Hooks) {
  return { ...v8Hooks, isInitializedAsync: async () => {} };
}

const calmed = new WeakSet();

/** The SDK words a stack trace, source maps and all, for each promise it makes, and shows it only on demand. */
function calm(debuggable) {
  const { debuggablePromise, debugPromiseLeaks } = debuggable;
  if (calmed.has(debuggable) || debuggablePromise === undefined || debugPromiseLeaks)
    return debuggable;
  calmed.add(debuggable);
  debuggable.debuggablePromise = (...args) => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      return debuggablePromise(...args);
    } finally {
      Error.stackTraceLimit = limit;
    }
  };
  return debuggable;
}

// What Pulumi.yaml's options say, which the language host that is built here does not hand on.
if (/cmd[\\/]run([\\/]index\.js)?$/.test(process.argv[1] ?? "")) {
  process.env.PULUMI_NODEJS_TYPESCRIPT = "false";
  require("tsx/cjs");
  mapOnDemand();
}

/**
 * An error names the line as written, not as compiled. Node reads each package's source map for that when it loads
 * the file; this reads one when an error needs it. tsx writes maps as long as it believes that Node wants them.
 */
function mapOnDemand() {
  process.setSourceMapsEnabled(false);
  Object.defineProperty(process, "sourceMapsEnabled", { value: true });
  require("source-map-support").install({ hookRequire: true });
}

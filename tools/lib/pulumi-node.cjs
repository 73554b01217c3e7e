"use strict";

// Preloaded into the Node processes that Pulumi starts, which load half as much before they do anything.

const Module = require("node:module");

// What the SDK loads at start and seldom uses: TypeScript's compiler (9 MB) and npm's own resolver (400 files), by
// which it puts functions into words, which nothing here asks for (see infra/dynamic-resource.ts); and what sends
// traces, which only `pulumi --tracing` asks for.
const seldomUsed =
  /^@npmcli\/arborist$|\/typescript-shim$|^@opentelemetry\/(exporter-zipkin|instrumentation-grpc|resources|sdk-trace-base|sdk-trace-node)$/;

const load = Module._load;
Module._load = function (request, ...rest) {
  const now = () => load.call(Module, request, ...rest);
  if (seldomUsed.test(request)) return later(now);
  return request.endsWith("/runtime/debuggable") || request === "./debuggable"
    ? calm(now())
    : now();
};

/** A module that is loaded when something is first asked of it. */
function later(loadNow) {
  return new Proxy({}, { get: (_, key) => (key === "__esModule" ? true : loadNow()[key]) });
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
}

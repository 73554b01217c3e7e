"use strict";

// Pulumi runs dynamic providers in a Node process of its own, which knows nothing of TypeScript.
require("tsx/cjs");

/** The code behind each dynamic resource, loaded when it is first called. */
Object.defineProperties(exports, {
  sqlObject: { get: () => require("../clickhouse/lifecycle.ts"), enumerable: true },
  sqlCatalog: { get: () => require("../clickhouse/catalog-lifecycle.ts"), enumerable: true },
  password: { get: () => require("./password.ts"), enumerable: true },
  file: { get: () => require("./file.ts"), enumerable: true },
});

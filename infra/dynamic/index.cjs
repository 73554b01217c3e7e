"use strict";

// Pulumi runs dynamic providers in a Node process of its own, which knows nothing of TypeScript.
require("tsx/cjs");

/** The provider of each dynamic resource, loaded when it is first called. */
Object.defineProperties(exports, {
  sqlObject: { get: () => require("../clickhouse/lifecycle.ts").provider, enumerable: true },
  sqlCatalog: {
    get: () => require("../clickhouse/catalog-lifecycle.ts").provider,
    enumerable: true,
  },
  offsetReset: { get: () => require("../offsets/lifecycle.ts").provider, enumerable: true },
  password: { get: () => require("./password.ts").provider, enumerable: true },
  file: { get: () => require("./file.ts").provider, enumerable: true },
});

"use strict";

// Pulumi runs dynamic providers in a Node process of its own, which knows nothing of TypeScript.
require("tsx/cjs");

const modules = {
  sqlObject: "../clickhouse/lifecycle.ts",
  sqlCatalog: "../clickhouse/catalog-lifecycle.ts",
  offsetReset: "../offsets/lifecycle.ts",
  password: "./password.ts",
  file: "./file.ts",
};
/** Modules of several providers, which they name themselves. */
const families = {
  "./kafka-cluster.ts": ["clusterShapeProvider", "nodeInSyncProvider", "clusterFormedProvider"],
  "./kafka-endpoint.ts": ["kafkaEndpointProvider"],
  "./clickhouse-claim.ts": ["clickhouseClaimProvider"],
  "./stored-rows.ts": ["storedRowsProvider"],
  "./clickhouse-cluster.ts": [
    "warehouseShapeProvider",
    "serverPlaceProvider",
    "serverInSyncProvider",
  ],
  "./certificates.ts": ["authorityProvider", "certificateProvider"],
};

for (const [file, names] of Object.entries(families))
  for (const name of names)
    Object.defineProperty(exports, name, { get: () => require(file)[name] });

/** The provider of each dynamic resource, loaded when it is first called. */
for (const [name, file] of Object.entries(modules)) {
  Object.defineProperty(exports, `${name}Provider`, { get: () => require(file).provider });
  // States may hold providers that call the functions behind it themselves.
  Object.defineProperty(exports, name, { get: () => require(file) });
}

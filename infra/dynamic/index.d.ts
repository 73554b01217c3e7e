import type { dynamic } from "@pulumi/pulumi";

export declare const sqlObjectProvider: dynamic.ResourceProvider;
export declare const sqlCatalogProvider: dynamic.ResourceProvider;
export declare const offsetResetProvider: dynamic.ResourceProvider;
export declare const passwordProvider: dynamic.ResourceProvider;
export declare const fileProvider: dynamic.ResourceProvider;
export declare const clusterShapeProvider: dynamic.ResourceProvider;
export declare const nodeInSyncProvider: dynamic.ResourceProvider;
export declare const clusterFormedProvider: dynamic.ResourceProvider;
export declare const kafkaEndpointProvider: dynamic.ResourceProvider;
export declare const clickhouseClaimProvider: dynamic.ResourceProvider;
export declare const storedRowsProvider: dynamic.ResourceProvider;
export declare const warehouseShapeProvider: dynamic.ResourceProvider;
export declare const serverPlaceProvider: dynamic.ResourceProvider;
export declare const serverInSyncProvider: dynamic.ResourceProvider;
export declare const authorityProvider: dynamic.ResourceProvider;
export declare const certificateProvider: dynamic.ResourceProvider;

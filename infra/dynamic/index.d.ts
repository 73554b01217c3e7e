import type { dynamic } from "@pulumi/pulumi";

export declare const sqlObject: dynamic.ResourceProvider;
export declare const sqlCatalog: dynamic.ResourceProvider;
export declare const offsetReset: dynamic.ResourceProvider;
export declare const password: dynamic.ResourceProvider;
export declare const file: dynamic.ResourceProvider;

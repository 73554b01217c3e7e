export declare const sqlObject: typeof import("../clickhouse/lifecycle");
export declare const sqlCatalog: typeof import("../clickhouse/catalog-lifecycle");
export declare const password: typeof import("./password");
export declare const file: typeof import("./file");

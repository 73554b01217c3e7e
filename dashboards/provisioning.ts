import { stringify } from "yaml";
import versions from "../infra/images/versions.json";
import { dataSourceRef } from "./target";

/** The plugin as `GF_PLUGINS_PREINSTALL_SYNC` takes it: id and pinned version. */
export const PLUGIN = `${dataSourceRef.type}@${versions.grafanaPlugins[dataSourceRef.type]}`;

/** Folder of Grafana that the dashboards and alerts stand in. */
export const FOLDER = { title: "Steamline", uid: "steamline" };

/** How Grafana reaches a ClickHouse. */
export interface ClickHouseEndpoint {
  host: string;
  port: number;
  protocol: "native" | "http";
  /** @default "default" */
  database?: string;
  /** @default in clear */
  tls?: {
    /** Certificates (PEM) of who signed its own. @default the well-known authorities */
    ca?: string;
  };
}

export interface DataSourceArgs {
  endpoint: ClickHouseEndpoint;
  /** The least-privilege account. */
  username: string;
  /** Path inside Grafana's container of the file that holds the password. */
  passwordFile: string;
}

/** Grafana's provisioning file of the one data source, with no password in it. */
export function dataSource({ endpoint, username, passwordFile }: DataSourceArgs): string {
  const { host, port, protocol, tls, database = "default" } = endpoint;
  const ca = tls?.ca;
  return stringify({
    apiVersion: 1,
    // A data source that is no longer declared goes.
    prune: true,
    datasources: [
      {
        name: "ClickHouse",
        ...dataSourceRef,
        access: "proxy",
        isDefault: true,
        editable: false,
        jsonData: {
          host,
          port,
          protocol,
          secure: tls !== undefined,
          username,
          defaultDatabase: database,
          ...(ca === undefined ? {} : { tlsAuthWithCACert: true }),
        },
        secureJsonData: {
          password: `$__file{${passwordFile}}`,
          ...(ca === undefined ? {} : { tlsCACert: ca }),
        },
      },
    ],
  });
}

/** Grafana's provisioning file of the dashboards in `dir`: read again every ten seconds, no hand edits kept. */
export function dashboardProvider(dir: string): string {
  return stringify({
    apiVersion: 1,
    providers: [
      {
        name: "steamline",
        type: "file",
        folder: FOLDER.title,
        folderUid: FOLDER.uid,
        disableDeletion: false,
        allowUiUpdates: false,
        updateIntervalSeconds: 10,
        options: { path: dir },
      },
    ],
  });
}

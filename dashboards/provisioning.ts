import { stringify } from "yaml";
import versions from "../infra/images/versions.json";
import { dataSourceRef } from "./target";

/** The plugin as `GF_PLUGINS_PREINSTALL_SYNC` takes it: id and pinned version. */
export const PLUGIN = `${dataSourceRef.type}@${versions.grafanaPlugins[dataSourceRef.type]}`;

/** Folder of Grafana that the dashboards and alerts stand in. */
export const FOLDER = { title: "Steamline", uid: "steamline" };

export interface DataSourceArgs {
  /** As containers of the stack reach it. */
  host: string;
  /** The port there, of the protocol that `engine` speaks. */
  port: number;
  /** The embedded engine has no native protocol. */
  engine: "server" | "embedded";
  /** The least-privilege account. */
  username: string;
  /** Path inside Grafana's container of the file that holds the password. */
  passwordFile: string;
}

/** Grafana's provisioning file of the one data source, with no password in it. */
export function dataSource({ host, port, engine, username, passwordFile }: DataSourceArgs): string {
  const transport = { port, protocol: engine === "server" ? "native" : "http" };
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
        jsonData: { host, ...transport, secure: false, username, defaultDatabase: "default" },
        secureJsonData: { password: `$__file{${passwordFile}}` },
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

import { resolve } from "node:path";
import type * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { BoardOptions, DashboardFile } from "../dashboards";
import type * as Alerting from "../dashboards/alerts/file";
import type { AlertThresholds } from "../dashboards/alerts/rules";
import type * as Provisioning from "../dashboards/provisioning";
import { image, service, volume } from "./container";
import { dashboardFiles } from "./dashboard-files";
import { GeneratedFile } from "./generated-file";
import { load } from "./load";
import { Password } from "./password";

const HTTP_PORT = 3000;
const DASHBOARDS_DIR = "/etc/steamline/dashboards";
const PROVISIONING_DIR = "/etc/grafana/provisioning";
const ADMIN_PASSWORD_FILE = "/etc/steamline/admin-password";
const READER_PASSWORD_FILE = "/etc/steamline/reader-password";
const WEBHOOK_URL_FILE = "/etc/steamline/alert-webhook-url";
/**
 * Beside the volume, not in it: all that stands in Grafana's database is declared, and what is declared
 * no longer, as a removed alert rule, is gone with the container that a change of it replaces.
 */
const DATABASE_FILE = "/tmp/grafana.db";
const checkout = resolve(__dirname, "..");

export interface GrafanaArgs {
  stack: string;
  containerName: string;
  volumeName: string;
  networkName: pulumi.Input<string>;
  /**
   * Of the host, by which whoever deploys finds it. Its container gets the dashboards themselves then, and is replaced
   * when one changes. @default this machine's loopback, and Grafana reads the dashboards' files
   */
  address?: string;
  imageReference: string;
  /** Why there is to be no container; then only the dashboards' files are written. */
  absent: string | undefined;
  memoryMb: number;
  /** Port of the host. */
  port: number;
  clickhouse: pulumi.Input<Provisioning.ClickHouseEndpoint>;
  reader: { username: string; password: pulumi.Input<string> };
  /** What the dashboards tell of the stack. */
  board: BoardOptions;
  alerts: AlertThresholds & {
    /** Called when an alert fires; a secret, empty for none. */
    webhookUrl: string;
  };
}

/**
 * The dashboards as files below the checkout and, where its image can be had, a Grafana that shows them.
 * On this machine Grafana reads the files again when they change, so a changed panel restarts nothing.
 */
export class Grafana extends pulumi.ComponentResource {
  /** From the host; empty where there is no container. */
  readonly url: pulumi.Output<string>;
  /** Why there is no container, or how to log in. */
  readonly note: string;
  /** Of the user `admin`; empty where there is no container. */
  readonly adminPassword: pulumi.Output<string>;
  /** Where the dashboards' JSON stands, relative to the checkout. */
  readonly dashboardsDir: string;

  constructor(name: string, args: GrafanaArgs, opts?: pulumi.ComponentResourceOptions) {
    super("steamline:grafana:Grafana", name, {}, opts);
    this.dashboardsDir = `.steamline/${args.stack}/dashboards`;
    const dashboards = dashboardFiles(args.board);
    const files = dashboards.map(
      (dashboard) =>
        new GeneratedFile(
          `dashboard-${dashboard.uid}`,
          { path: `${this.dashboardsDir}/${dashboard.fileName}`, content: dashboard.json },
          { parent: this },
        ),
    );
    this.note =
      args.absent ?? "Log in as admin; the password is the stack's output grafanaPassword.";
    if (args.absent === undefined) {
      this.adminPassword = new Password(`${name}-admin-password`, "admin of Grafana", {
        parent: this,
      }).value;
      const container = this.start(name, args, dashboards, files);
      const host = args.address ?? "localhost";
      this.url = container.name.apply(() => `http://${host}:${args.port}`);
    } else {
      this.adminPassword = pulumi.secret("");
      this.url = pulumi.output("");
    }
    this.registerOutputs({ url: this.url });
  }

  private start(
    name: string,
    args: GrafanaArgs,
    dashboards: readonly DashboardFile[],
    files: GeneratedFile[],
  ): docker.Container {
    const { alerting } = load<typeof Alerting>(__filename, "../dashboards/alerts/file");
    const { dashboardProvider, dataSource, PLUGIN } = load<typeof Provisioning>(
      __filename,
      "../dashboards/provisioning",
    );
    const data = volume(
      `${name}-data`,
      { stack: args.stack, volumeName: args.volumeName, protect: false },
      { parent: this },
    );
    const source = pulumi.output(args.clickhouse).apply((endpoint) =>
      dataSource({
        endpoint,
        username: args.reader.username,
        passwordFile: READER_PASSWORD_FILE,
      }),
    );
    const { webhookUrl, ...thresholds } = args.alerts;
    const webhook = webhookUrl === "" ? {} : { webhookUrlFile: WEBHOOK_URL_FILE };
    return service(
      `${name}-container`,
      {
        stack: args.stack,
        containerName: args.containerName,
        imageId: image(`${name}-image`, args.imageReference, { parent: this }).imageId,
        networkName: args.networkName,
        address: args.address,
        alias: "grafana",
        memoryMb: args.memoryMb,
        healthCommand: [
          "wget",
          "-q",
          "-O",
          "/dev/null",
          `http://localhost:${HTTP_PORT}/api/health`,
        ],
        startTimeoutSeconds: 180,
        envs: [
          `GF_SECURITY_ADMIN_PASSWORD__FILE=${ADMIN_PASSWORD_FILE}`,
          `GF_DATABASE_PATH=${DATABASE_FILE}`,
          `GF_PLUGINS_PREINSTALL_SYNC=${PLUGIN}`,
          "GF_ANALYTICS_REPORTING_ENABLED=false",
          "GF_ANALYTICS_CHECK_FOR_UPDATES=false",
          "GF_USERS_ALLOW_SIGN_UP=false",
        ],
        ports: [{ internal: HTTP_PORT, external: args.port }],
        volumes: [
          { volumeName: data.name, containerPath: "/var/lib/grafana" },
          ...(args.address === undefined
            ? [
                {
                  hostPath: resolve(checkout, this.dashboardsDir),
                  containerPath: DASHBOARDS_DIR,
                  readOnly: true,
                },
              ]
            : []),
        ],
        uploads: [
          ...(args.address === undefined
            ? []
            : dashboards.map(({ fileName, json }) => ({
                file: `${DASHBOARDS_DIR}/${fileName}`,
                content: json,
              }))),
          { file: `${PROVISIONING_DIR}/datasources/clickhouse.yaml`, content: source },
          {
            file: `${PROVISIONING_DIR}/dashboards/steamline.yaml`,
            content: dashboardProvider(DASHBOARDS_DIR),
          },
          {
            file: `${PROVISIONING_DIR}/alerting/steamline.yaml`,
            content: alerting({ options: args.board, thresholds, ...webhook }),
          },
          ...(webhookUrl === ""
            ? []
            : [{ file: WEBHOOK_URL_FILE, content: pulumi.secret(webhookUrl) }]),
          { file: ADMIN_PASSWORD_FILE, content: this.adminPassword },
          { file: READER_PASSWORD_FILE, content: pulumi.secret(args.reader.password) },
        ],
      },
      // The directory exists once its files do.
      { parent: this, dependsOn: files },
    );
  }
}

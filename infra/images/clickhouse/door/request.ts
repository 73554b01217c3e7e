import type { IncomingMessage } from "node:http";
import type { Credentials } from "./accounts";
import { BAD_ARGUMENTS, DoorError } from "./errors";
import { formFields } from "./multipart";

/** What a request asks for, wherever in it that stood. */
export interface DoorRequest {
  queryId: string | undefined;
  sessionId: string | undefined;
  sessionTimeoutMs: number;
  sessionCheck: boolean;
  database: string | undefined;
  defaultFormat: string | undefined;
  role: string | undefined;
  /** The part of the statement that stood in the URL. */
  urlQuery: string;
  settings: Record<string, string>;
  /** Values of `{name:Type}`, as the client escaped them. */
  params: Record<string, string>;
  credentials: Credentials;
  method: string;
  compressResponse: boolean;
  userAgent: string;
}

/** Parameters that speak to the HTTP server. The engine would refuse them as settings (code 115). */
const FOR_THE_DOOR = new Set([
  "buffer_size",
  "client_protocol_version",
  "compress",
  "decompress",
  "enable_http_compression",
  "http_zlib_compression_level",
  "quota_key",
  "send_progress_in_http_headers",
  "http_headers_progress_interval_ms",
  "wait_end_of_query",
  "http_wait_end_of_query",
  "stacktrace",
  "cancel_http_readonly_queries_on_client_close",
  "http_response_buffer_size",
  "http_write_exception_in_output_format",
]);
const DEFAULT_SESSION_SECONDS = 60;
const LONGEST_SESSION_SECONDS = 3_600;

export function readHead(request: IncomingMessage): DoorRequest {
  const fields = new Map(new URL(request.url ?? "/", "http://door").searchParams);
  const take = (name: string): string | undefined => {
    const value = fields.get(name);
    fields.delete(name);
    return value;
  };
  const credentials = readCredentials(request, take("user"), take("password"));
  const timeoutSeconds = sessionTimeout(take("session_timeout"));
  const head = {
    queryId: take("query_id") ?? header(request, "x-clickhouse-query-id"),
    sessionId: take("session_id"),
    sessionTimeoutMs: timeoutSeconds * 1_000,
    sessionCheck: take("session_check") === "1",
    database: take("database") ?? header(request, "x-clickhouse-database"),
    defaultFormat: take("default_format") ?? header(request, "x-clickhouse-format"),
    role: take("role"),
    urlQuery: take("query") ?? "",
    credentials,
    method: request.method ?? "GET",
    compressResponse: fields.get("enable_http_compression") === "1",
    userAgent: header(request, "user-agent") ?? "",
  };
  refuseNativeFraming(fields);
  return { ...head, ...splitFields(fields) };
}

/** Takes the fields of a multipart body, as clients send when parameters are too long for a URL. */
export async function readForm(request: IncomingMessage, head: DoorRequest): Promise<DoorRequest> {
  const fields = await formFields(request);
  const query = fields.get("query") ?? "";
  fields.delete("query");
  const { settings, params } = splitFields(fields);
  return {
    ...head,
    urlQuery: head.urlQuery + query,
    settings: { ...head.settings, ...settings },
    params: { ...head.params, ...params },
  };
}

function splitFields(
  fields: ReadonlyMap<string, string>,
): Pick<DoorRequest, "settings" | "params"> {
  const settings: Record<string, string> = {};
  const params: Record<string, string> = {};
  for (const [name, value] of fields) {
    if (name.startsWith("param_")) params[name.slice("param_".length)] = value;
    else if (!FOR_THE_DOOR.has(name)) settings[name] = value;
  }
  return { settings, params };
}

function sessionTimeout(text: string | undefined): number {
  if (text === undefined) return DEFAULT_SESSION_SECONDS;
  const seconds = Number(text);
  if (/^\d+$/.test(text) && seconds <= LONGEST_SESSION_SECONDS) return seconds;
  throw new DoorError(
    374,
    "INVALID_SESSION_TIMEOUT",
    `Session timeout '${text}' is not a number of seconds up to the maximum of ${LONGEST_SESSION_SECONDS}`,
  );
}

function refuseNativeFraming(fields: ReadonlyMap<string, string>): void {
  for (const name of ["compress", "decompress"]) {
    if (fields.get(name) === "1") {
      throw new DoorError(
        BAD_ARGUMENTS,
        "BAD_ARGUMENTS",
        `${name}=1 (ClickHouse's own block compression) is not supported here. Use HTTP compression: enable_http_compression=1 and Accept-Encoding, or Content-Encoding.`,
      );
    }
  }
}

function readCredentials(
  request: IncomingMessage,
  urlUser?: string,
  urlPassword?: string,
): Credentials {
  const address = request.socket.remoteAddress ?? "";
  const local = ["127.0.0.1", "::1", "::ffff:127.0.0.1"].includes(address);
  const basic = /^Basic (.+)$/i.exec(header(request, "authorization") ?? "")?.[1];
  if (basic !== undefined) {
    const [user = "", ...password] = Buffer.from(basic, "base64").toString("utf8").split(":");
    return { user, password: password.join(":"), local };
  }
  return {
    user: header(request, "x-clickhouse-user") ?? urlUser ?? "default",
    password: header(request, "x-clickhouse-key") ?? urlPassword ?? "",
    local,
  };
}

export function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

import { isDeepStrictEqual } from "node:util";
import { isMap, parseDocument, stringify } from "yaml";
import { projectName } from "./paths";
import type { Settings } from "./settings";
import { UserError } from "./user-error";

/** A stack file as far as it matters here; Pulumi's other keys are passed through. */
export interface StackFile {
  encryptionsalt?: string;
  config: Record<string, unknown>;
  [key: string]: unknown;
}

/** @throws UserError (CONFIG) naming `file` where `text` is no stack file. */
export function parseStackFile(text: string | undefined, file: string): StackFile {
  const document = parseDocument(text ?? "");
  const fault = document.errors[0];
  const value: unknown = fault ? undefined : document.toJS();
  if (fault || (value !== null && !isObject(value))) {
    throw new UserError("CONFIG", fault?.message ?? "a stack file has to be a map", {
      where: file,
      fix: "correct the file; its form is `config:` with one `key: value` a line",
    });
  }
  const stackFile = value ?? {};
  const config: unknown = stackFile["config"] ?? {};
  if (!isObject(config)) {
    throw new UserError("CONFIG", "`config` has to be a map of keys and values", { where: file });
  }
  const long = Object.entries(config).map(([key, each]) => [longKey(key), each] as const);
  return { ...stackFile, config: Object.fromEntries(long) };
}

/** A key with its namespace, which is the project's where a file leaves it out. */
function longKey(key: string): string {
  return key.includes(":") ? key : `${projectName()}:${key}`;
}

/** A key as a person writes it: without the project's own namespace, which `pulumi new` gives another name. */
function shortKey(key: string): string {
  const own = `${projectName()}:`;
  return key.startsWith(own) ? key.slice(own.length) : key;
}

/** What Pulumi is to read: what people chose wins over what the machine found out. */
export function mergeConfig(tracked: StackFile, settings: Settings, withFound = true): StackFile {
  const found = Object.entries(settings.found).map(
    ([key, value]) => [longKey(key), value] as const,
  );
  const salt = tracked.encryptionsalt ?? settings.encryptionsalt;
  return {
    ...tracked,
    ...(salt === undefined ? {} : { encryptionsalt: salt }),
    config: {
      ...(withFound ? Object.fromEntries(found) : {}),
      // Secrets of another salt could not be read.
      ...(tracked.encryptionsalt === undefined ? settings.secrets : {}),
      ...tracked.config,
    },
  };
}

const HEADER = `# Made from Pulumi.<stack>.yaml and from what this machine found out. Written anew by each command.\n`;

export function renderStackFile(file: StackFile): string {
  return HEADER + stringify(file);
}

export interface Harvest {
  /** Text of the tracked stack file, or undefined where it stays as it is. */
  tracked: string | undefined;
  settings: Settings;
}

/**
 * Takes what Pulumi changed in a merged file to where it lasts: values to the tracked file, comments kept;
 * secrets and their salt to the machine's settings, unless the tracked file has a salt of its own.
 */
export function harvest(
  before: StackFile,
  after: StackFile,
  trackedText: string | undefined,
  settings: Settings,
): Harvest {
  const document = parseDocument(trackedText ?? "");
  const hasOwnSalt = document.has("encryptionsalt");
  const secrets = { ...settings.secrets };
  let edited = false;
  /** The key as the file has it, or is to have it. */
  const written = (key: string) => (document.hasIn(["config", key]) ? key : shortKey(key));
  const set = (key: string, value: unknown) => {
    const config = document.get("config");
    if (!isMap(config) || config.items.length === 0) {
      document.set("config", document.createNode({}));
    }
    document.setIn(["config", written(key)], value);
    edited = true;
  };
  const unset = (key: string) => {
    const config = document.get("config");
    edited = (isMap(config) && config.delete(written(key))) || edited;
  };
  for (const key of new Set([...Object.keys(before.config), ...Object.keys(after.config)])) {
    const value = after.config[key];
    if (sameValue(before.config[key], value)) continue;
    if (value !== undefined && isSecure(value) && !hasOwnSalt) {
      secrets[key] = value;
      unset(key);
      continue;
    }
    delete secrets[key];
    if (value !== undefined) set(key, value);
    else unset(key);
  }
  const salt = hasOwnSalt
    ? settings.encryptionsalt
    : (after.encryptionsalt ?? settings.encryptionsalt);
  return {
    tracked: edited ? document.toString({ flowCollectionPadding: true, lineWidth: 0 }) : undefined,
    settings: { ...settings, secrets, ...(salt === undefined ? {} : { encryptionsalt: salt }) },
  };
}

/** Pulumi writes numbers and flags back as text, which is no change. */
function sameValue(a: unknown, b: unknown): boolean {
  if (isDeepStrictEqual(a, b)) return true;
  const plain = (value: unknown) =>
    typeof value === "number" || typeof value === "boolean" || typeof value === "string";
  return plain(a) && plain(b) && String(a) === String(b);
}

function isSecure(value: unknown): value is { secure: string } {
  return isObject(value) && typeof value["secure"] === "string";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

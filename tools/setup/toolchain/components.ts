import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { checkout } from "../../lib/paths";
import { isAtLeast, type ToolVersions } from "../versions";

/** One program that can be built from Go modules. */
export interface Component {
  /** File name of the program. */
  program: string;
  /** For people. */
  title: string;
  /** Directory of its Go module. */
  directory: string;
  /** What `go build` is given, besides the place of the output. */
  args: string[];
}

const SDK_VERSION = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";
const sources = join(checkout, "tools", "setup", "go");

/** Those that Pulumi is made of, the one that takes longest first. */
export function components(versions: ToolVersions): Component[] {
  return [
    component("pulumi", "Pulumi CLI", "pulumi", {
      version: `${SDK_VERSION}=v${versions.cli}`,
      from: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    }),
    component("pulumi-resource-docker", "Pulumi's docker provider", "provider-docker", {
      version: `main.version=${versions.docker}`,
      // Compose is most of its upstream's code, and no resource of ours needs it.
      tags: ["no_compose"],
    }),
    component("pulumi-resource-kafka", "Pulumi's kafka provider", "provider-kafka", {
      version: `main.version=${versions.kafka}`,
    }),
    component("pulumi-language-nodejs", "Pulumi's Node.js host", "language-nodejs", {
      version: `${SDK_VERSION}=v${versions.cli}`,
      from: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
    }),
  ];
}

/** The linter of GitHub's workflows; its go.mod names its version. */
export function workflowLinter(): Component {
  return component("actionlint", "actionlint", "actionlint", {
    from: "github.com/rhysd/actionlint/cmd/actionlint",
  });
}

function component(
  program: string,
  title: string,
  directory: string,
  { version, from = ".", tags = [] }: { version?: string; from?: string; tags?: string[] },
): Component {
  return {
    program,
    title,
    directory: join(sources, directory),
    args: [
      "-trimpath",
      ...(tags.length > 0 ? ["-tags", tags.join(",")] : []),
      "-ldflags",
      version === undefined ? "-s -w" : `-s -w -X ${version}`,
      from,
    ],
  };
}

/** Tells apart what `go build` would make of the component on this machine. */
export function componentKey({ directory, args }: Component): string {
  const hash = createHash("sha256");
  hash.update(JSON.stringify([process.platform, process.arch, args]));
  for (const file of filesBelow(directory)) {
    hash.update(`\0${relative(directory, file)}\0`);
    hash.update(readFileSync(file));
  }
  return hash.digest("hex").slice(0, 16);
}

/** The oldest Go that builds all of `wanted`. */
export function neededGo(wanted: readonly Component[]): string {
  return wanted
    .map(({ directory }) => goLine(readFileSync(join(directory, "go.mod"), "utf8")))
    .reduce((newest, version) => (isAtLeast(newest, version) ? newest : version), "1.21");
}

/** The version of Go that a go.mod asks for. */
export function goLine(goMod: string): string {
  return /^go (\S+)$/m.exec(goMod)?.[1] ?? "1.21";
}

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true })
    .flatMap((entry) => {
      const file = join(directory, entry.name);
      return entry.isDirectory() ? filesBelow(file) : [file];
    })
    .sort();
}

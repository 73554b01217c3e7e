import { createRequire } from "node:module";
import { join } from "node:path";
import { compileFunction } from "node:vm";
import type * as pulumi from "@pulumi/pulumi";

/** Where Pulumi's own provider process stands when it evaluates a provider: inside the SDK. */
const sdkRequire = createRequire(join(__dirname, "../../node_modules/@pulumi/pulumi/index.js"));

/** The provider as Pulumi has it again from that text, in a process that knows only the text. */
export function reload(text: string): pulumi.dynamic.ResourceProvider {
  const module = { exports: {} as { handler?: () => pulumi.dynamic.ResourceProvider } };
  const evaluate = compileFunction(text, ["module", "exports", "require"]) as (
    ...globals: [object, object, NodeJS.Require]
  ) => void;
  evaluate(module, module.exports, sdkRequire);
  const handler = module.exports.handler;
  if (!handler) throw new Error("the serialized provider exports no handler");
  return handler();
}

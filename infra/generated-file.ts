import * as pulumi from "@pulumi/pulumi";
import { DynamicResource } from "./dynamic-resource";

export interface GeneratedFileArgs {
  /** Relative to the checkout. */
  path: pulumi.Input<string>;
  content: pulumi.Input<string>;
}

/** A file below the checkout that the stack writes, keeps as declared, and removes. */
export class GeneratedFile extends DynamicResource {
  constructor(name: string, args: GeneratedFileArgs, opts?: pulumi.CustomResourceOptions) {
    super("steamline:GeneratedFile", "fileProvider", name, { ...args }, opts);
  }
}

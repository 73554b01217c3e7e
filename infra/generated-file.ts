import * as pulumi from "@pulumi/pulumi";
import type * as dynamic from "@steamline/dynamic";
import type { FileState } from "./dynamic/file";

type Dynamic = typeof dynamic;

const provider: pulumi.dynamic.ResourceProvider<FileState, FileState> = {
  diff: async (_id, olds, news) => (require("@steamline/dynamic") as Dynamic).file.diff(olds, news),
  create: (inputs) => (require("@steamline/dynamic") as Dynamic).file.create(inputs),
  read: (id, state) => (require("@steamline/dynamic") as Dynamic).file.read(id, state),
  update: (_id, _olds, news) => (require("@steamline/dynamic") as Dynamic).file.update(news),
  delete: (_id, state) => (require("@steamline/dynamic") as Dynamic).file.del(state),
};

export interface GeneratedFileArgs {
  /** Relative to the checkout. */
  path: pulumi.Input<string>;
  content: pulumi.Input<string>;
}

/** A file below the checkout that the stack writes, keeps as declared, and removes. */
export class GeneratedFile extends pulumi.dynamic.Resource {
  constructor(name: string, args: GeneratedFileArgs, opts?: pulumi.CustomResourceOptions) {
    super(provider, name, { ...args }, opts, "steamline", "GeneratedFile");
  }
}

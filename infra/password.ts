import * as pulumi from "@pulumi/pulumi";
import type * as dynamic from "@steamline/dynamic";

type Dynamic = typeof dynamic;

const provider: pulumi.dynamic.ResourceProvider<{ purpose: string }> = {
  diff: async () => ({ changes: false }),
  create: (inputs) => (require("@steamline/dynamic") as Dynamic).password.create(inputs),
};

/**
 * A password made once, when the stack is. It lives encrypted in the stack's state and nowhere else.
 * `pulumi up --replace` with its URN makes a new one.
 */
export class Password extends pulumi.dynamic.Resource {
  declare readonly value: pulumi.Output<string>;

  constructor(name: string, purpose: string, opts?: pulumi.CustomResourceOptions) {
    super(
      provider,
      name,
      { purpose, value: undefined },
      { ...opts, additionalSecretOutputs: ["value"] },
      "steamline",
      "Password",
    );
  }
}

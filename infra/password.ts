import * as pulumi from "@pulumi/pulumi";
import { DynamicResource } from "./dynamic-resource";

/**
 * A password made once, when the stack is. It lives encrypted in the stack's state and nowhere else.
 * `pulumi up --replace` with its URN makes a new one.
 */
export class Password extends DynamicResource {
  declare readonly value: pulumi.Output<string>;

  constructor(name: string, purpose: string, opts?: pulumi.CustomResourceOptions) {
    super(
      "steamline:Password",
      "passwordProvider",
      name,
      { purpose, value: undefined },
      { ...opts, additionalSecretOutputs: ["value"] },
    );
  }
}

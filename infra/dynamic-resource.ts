import * as pulumi from "@pulumi/pulumi";
import type * as dynamic from "@steamline/dynamic";

/**
 * A dynamic resource whose provider, as Pulumi keeps it in the state and runs it from there, is one line that
 * loads the checkout's code. So an edit of the logic, of the compiler or of Pulumi is no change of the resource,
 * a destroy runs today's code, and no program has to load a compiler to put functions into words, as
 * `pulumi.dynamic.Resource` does.
 */
export abstract class DynamicResource extends pulumi.CustomResource {
  /**
   * @param type Below `pulumi-nodejs:dynamic/`, as `module:Type`.
   * @param provider The one of `infra/dynamic` that makes it.
   */
  constructor(
    type: string,
    provider: keyof typeof dynamic,
    name: string,
    props: pulumi.Inputs,
    opts?: pulumi.CustomResourceOptions,
  ) {
    const text = `exports.handler = () => require("@steamline/dynamic").${provider};`;
    super(`pulumi-nodejs:dynamic/${type}`, name, { ...props, __provider: text }, opts);
  }
}

import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

export interface StackNetworkArgs {
  stack: string;
  /** The network's name on its Docker engine. */
  networkName: string;
}

/** The network in which the stack's containers on one host find each other by name. */
export class StackNetwork extends pulumi.ComponentResource {
  readonly networkName: pulumi.Output<string>;

  constructor(name: string, args: StackNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("steamline:docker:StackNetwork", name, {}, opts);
    const network = new docker.Network(
      `${name}-bridge`,
      { name: args.networkName, labels: [{ label: "steamline.stack", value: args.stack }] },
      { parent: this, deleteBeforeReplace: true },
    );
    this.networkName = network.name;
    this.registerOutputs({ networkName: this.networkName });
  }
}

import * as pulumi from "@pulumi/pulumi";
import { DynamicResource } from "./dynamic-resource";

/** A certificate and its private key, each as PEM. */
export interface KeyPair {
  certificate: pulumi.Input<string>;
  key: pulumi.Input<string>;
}

/** An authority made once for the stack, for ten years. Its key lives encrypted in the stack's state alone. */
export class CertificateAuthority extends DynamicResource {
  declare readonly certificate: pulumi.Output<string>;
  declare readonly key: pulumi.Output<string>;

  constructor(name: string, commonName: string, opts?: pulumi.CustomResourceOptions) {
    super(
      "steamline:CertificateAuthority",
      "authorityProvider",
      name,
      { commonName, certificate: undefined, key: undefined },
      { ...opts, additionalSecretOutputs: ["key"] },
    );
  }
}

export interface CertificateArgs {
  /** Who signs it. */
  authority: KeyPair;
  /** Whose it is. */
  commonName: string;
  /** Names under which it is reached. @default none: it only proves who calls */
  hosts?: readonly string[];
  /** For how long it is valid. The first `up` in the last third makes a new one. @default 365 */
  days?: number;
}

export class Certificate extends DynamicResource {
  declare readonly certificate: pulumi.Output<string>;
  declare readonly key: pulumi.Output<string>;

  constructor(name: string, args: CertificateArgs, opts?: pulumi.CustomResourceOptions) {
    const { commonName, hosts = [], days = 365 } = args;
    // Without what else is known of an authority that is itself a resource.
    const { certificate, key } = args.authority;
    const authority = pulumi.secret({ certificate, key });
    super(
      "steamline:Certificate",
      "certificateProvider",
      name,
      { commonName, hosts, days, authority, certificate: undefined, key: undefined },
      { ...opts, additionalSecretOutputs: ["authority", "key"] },
    );
  }
}

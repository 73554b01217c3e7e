import * as pulumi from "@pulumi/pulumi";
import type { TlsAccess } from "../pipeline/kafka/access";
import { nodeName, nodes, INTERNAL } from "./broker-environment";
import { ADMIN_USER, NODE_USER } from "./broker-security";
import { Certificate, CertificateAuthority, type KeyPair } from "./certificates";

export interface KafkaSecurityArgs {
  stack: string;
  brokers: number;
  /** Of each node, by which other hosts find it. @default none: all run on one host */
  addresses?: readonly string[];
  /** Who signs the stack's certificates. @default one made for the stack */
  authority?: KeyPair;
}

/** Who is who in a cluster whose clients have to prove it: certificates of its nodes and of who deploys it. */
export class KafkaSecurity extends pulumi.ComponentResource {
  /** Certificate of whom all trust, as PEM. */
  readonly authority: pulumi.Output<string>;
  /** Of each node, in their order. */
  readonly nodes: readonly KeyPair[];
  /** How whoever deploys the stack proves it. A secret. */
  readonly admin: pulumi.Output<Required<TlsAccess>>;

  constructor(name: string, args: KafkaSecurityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("steamline:kafka:Security", name, {}, opts);
    const parent = { parent: this };
    const authority =
      args.authority ??
      new CertificateAuthority(`${name}-authority`, `Kafka of the stack ${args.stack}`, parent);
    this.authority = pulumi.output(authority.certificate);
    const certificate = (who: string, commonName: string, hosts: string[]) =>
      new Certificate(`${name}-${who}`, { authority, commonName, hosts }, parent);
    this.nodes = nodes(args.brokers).map((node) => {
      const host = nodeName(INTERNAL.host, node);
      const address = args.addresses?.[node - 1];
      return certificate(host, NODE_USER, [host, "localhost", ...(address ? [address] : [])]);
    });
    const { certificate: cert, key } = certificate("admin", ADMIN_USER, []);
    this.admin = pulumi.secret(pulumi.output({ ca: this.authority, cert, key }));
    this.registerOutputs({ authority: this.authority });
  }
}

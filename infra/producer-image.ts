import { join, relative } from "node:path";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { stageProducerImage } from "../pipeline/bundle";

const buildDir = join(__dirname, "..", ".steamline", "build");

/**
 * The image that both the producer and the simulated source run, built from `pipeline/`. It is named
 * after its content, so it is built again only when that changes.
 */
export function producerImage(
  name: string,
  args: { nodeImage: string },
  opts?: pulumi.CustomResourceOptions,
): docker.RemoteImage {
  const staged = stageProducerImage(buildDir);
  const base = args.nodeImage.replace(/^.*[:@]/, "").slice(0, 24);
  return new docker.RemoteImage(
    name,
    {
      name: `steamline/producer:${staged.contentHash}-${base}`,
      keepLocally: true,
      build: {
        // From where the program runs. The whole path is another in each checkout, and would look like a change.
        context: relative(process.cwd(), staged.contextDir),
        buildArgs: { NODE_IMAGE: args.nodeImage },
        labels: { "steamline.image": "local" },
        // The provider's other builder builds on the engine that DOCKER_HOST names, whichever the provider's own is.
        ...(opts?.provider ? { useLegacyBuilder: true } : {}),
      },
    },
    opts,
  );
}

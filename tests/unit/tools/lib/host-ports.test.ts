import { expect, it } from "vitest";
import { parseHosts } from "../../../../infra/hosts-config";
import { wantedHostPorts } from "../../../../tools/lib/host-ports";
import { projectName } from "../../../../tools/lib/paths";

const own = (values: Record<string, unknown>) => ({
  config: Object.fromEntries(
    Object.entries(values).map(([key, value]) => [`${projectName()}:${key}`, value]),
  ),
});
const placement = parseHosts(
  "kafka,pipeline ssh://a 10.0.0.1; kafka ssh://b 10.0.0.2; clickhouse ssh://c 10.0.0.3",
  [],
);

it("are each on the host of their part, of Kafka three a broker", () => {
  if (!placement) throw new Error("no hosts");
  const values = { brokers: 3, imageSource: "local" };
  const ports = wantedHostPorts("dev", own(values), placement);
  expect(ports.map(({ key, port, address }) => `${key} ${address}:${port}`)).toEqual([
    ...[9092, 9097, 9098].map((port) => `kafkaPort 10.0.0.1:${port}`),
    ...[9092, 9097, 9098].map((port) => `kafkaPort 10.0.0.2:${port}`),
    ...[9099, 9100, 9101].map((port) => `kafkaPort 10.0.0.1:${port}`),
    "clickhousePort 10.0.0.3:8123",
    "producerPort 10.0.0.1:9464",
  ]);
});

it("are those of a server and of Grafana too, where there are such", () => {
  if (!placement) throw new Error("no hosts");
  const keys = wantedHostPorts("dev", own({ kafkaExternal: "k:9092" }), placement).map(
    ({ key }) => key,
  );
  expect(keys).toEqual(["clickhousePort", "clickhouseNativePort", "producerPort", "grafanaPort"]);
});

import type { Outputs } from "./outputs";

/** Where a stack's parts are found, by their names. No secret is among them. */
export function placesOf(outputs: Outputs): [name: string, place: string][] {
  const { grafanaUrl, grafanaNote, dashboardsDir } = outputs;
  return [
    ["ClickHouse", outputs.clickhouseUrl],
    ["Kafka", outputs.kafkaBootstrapServers],
    ["producer", `${outputs.producerUrl}/status`],
    ["Grafana", grafanaUrl === "" ? grafanaNote : grafanaUrl],
    ...(grafanaUrl === "" ? [["dashboards", dashboardsDir] as [string, string]] : []),
  ];
}

/** The places for a terminal, and how the reader's password is had. */
export function renderPlaces(outputs: Outputs): string {
  const password =
    " (reader's password: npm run pulumi -- stack output readerPassword --show-secrets)";
  return placesOf(outputs)
    .map(([name, place]) => `${name.padEnd(12)}${place}${name === "ClickHouse" ? password : ""}`)
    .join("\n");
}

import type { Outputs } from "../../../../tools/lib/outputs";

/** Outputs of a stack `dev` on local images with a simulated source. */
export const sampleOutputs: Outputs = {
  stack: "dev",
  source: "simulated",
  imageSource: "local",
  clickhouseEngine: "embedded",
  kafkaBootstrapServers: "localhost:9092",
  topGamesTopic: "steam_top_games_topic",
  detailsTopic: "steam_game_details_topic",
  topGamesGroup: "clickhouse_steam_top_games_consumer",
  detailsGroup: "clickhouse_steam_game_details_consumer",
  furtherSources: [],
  clickhouseUrl: "http://localhost:8123",
  database: "default",
  adminUser: "admin",
  adminPassword: "admin-secret",
  readerUser: "reader",
  readerPassword: "reader-secret",
  grafanaUrl: "",
  grafanaNote: "Not running.",
  dashboardsDir: ".steamline/dev/dashboards",
  producerUrl: "http://localhost:9464",
  containers: {
    kafka: "kafka",
    clickhouse: "clickhouse-server",
    grafana: "grafana",
    producer: "steam-producer",
    simulator: "steam-simulator",
  },
  protectData: false,
};

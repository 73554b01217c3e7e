import { describe, expect, it } from "vitest";
import { distinctHosts, hostsFaults, parseHosts } from "../../../infra/hosts-config";

const A = { endpoint: "ssh://ops@a", address: "10.0.0.1" };
const B = { endpoint: "tcp://b:2376", address: "10.0.0.2" };
const text = ({ endpoint, address }: typeof A) => `${endpoint} ${address}`;
const whole = `kafka,pipeline ${text(A)}; kafka,clickhouse ${text(B)}`;

function faultsOf(given: string): string[] {
  const faults: string[] = [];
  parseHosts(given, faults);
  return faults;
}
const placed = (given: string) => parseHosts(given, []);
const fine = { brokers: 3, kafkaSecurity: "sasl_ssl", hostsInClear: true, hostsTls: "PEM" };

describe("Docker hosts by role", () => {
  it("are none by default", () => {
    expect(placed("")).toBeUndefined();
    expect(placed(" \n ")).toBeUndefined();
    expect(hostsFaults(undefined, { kafkaSecurity: "plaintext", hostsInClear: false })).toEqual([]);
  });

  it("are read from lines or between semicolons, several of Kafka and Grafana beside ClickHouse", () => {
    const expected = { kafka: [A, B], clickhouse: [B], grafana: [B], pipeline: [A] };
    expect(placed(whole)).toEqual(expected);
    expect(placed(whole.replace(";", "\n"))).toEqual(expected);
    expect(placed(`${whole}; grafana ${text(A)}`)?.grafana).toEqual([A]);
    expect(faultsOf(whole)).toEqual([]);
  });

  it("are each a machine once, however many roles it has", () => {
    const placement = placed(whole);
    expect(placement && distinctHosts(placement)).toEqual([A, B]);
  });

  it.each([
    [
      `kafka,web ${text(A)}`,
      /names an unknown role "web"\. Allowed: kafka, clickhouse, grafana, pipeline/,
    ],
    ["kafka", /is not of the form\. Allowed: ROLES ENDPOINT ADDRESS/],
    [`kafka ${text(A)} more`, /is not of the form/],
    ["kafka a 10.0.0.1", /has no Docker endpoint\. Allowed: ssh:\/\/USER@MACHINE/],
    ["kafka tcp://a 10.0.0.1", /has no Docker endpoint/],
    ["kafka ssh://ops:word@a 10.0.0.1", /has no Docker endpoint/],
    ["kafka http://a:2376 10.0.0.1", /has no Docker endpoint/],
    ["kafka ssh://a", /has no address/],
    ["kafka ssh://a a.example.com", /an address that other machines do not find/],
    ["kafka ssh://a 127.0.0.1", /an address that other machines do not find/],
    ["kafka ssh://a 0.0.0.0", /an address that other machines do not find/],
    [`kafka ${text(A)}; clickhouse ssh://ops@a 10.0.0.9`, /contradicts ssh:\/\/ops@a 10\.0\.0\.1/],
    [`kafka ${text(A)}; clickhouse ssh://b 10.0.0.1`, /contradicts ssh:\/\/ops@a 10\.0\.0\.1/],
    [`clickhouse ${text(A)}; clickhouse ${text(B)}`, /names the role clickhouse once more/],
    [`kafka ${text(A)}; kafka ${text(A)}`, /names the role kafka once more/],
    [`kafka,kafka ${text(A)}`, /names the role kafka once more/],
  ])("are not %j", (given, fault) => {
    const faults = faultsOf(given);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(fault);
    expect(faults[0]).toMatch(/^hosts: "/);
  });

  it("fit the rest of config", () => {
    const placement = placed(whole);
    expect(hostsFaults(placement, fine)).toEqual([]);
    const keys = (more: object) =>
      hostsFaults(placement, { ...fine, ...more }).map((fault) => fault.split(":")[0]);
    expect(keys({ brokers: 5 })).toEqual(["brokers"]);
    expect(keys({ brokers: 4 })).toEqual([]);
    expect(keys({ kafkaSecurity: "plaintext" })).toEqual(["kafkaSecurity"]);
    expect(keys({ hostsInClear: false })).toEqual(["hostsInClear"]);
    expect(keys({ hostsTls: "" })).toEqual(["hostsTls"]);
    expect(keys({ kafkaExternal: "k:9092" })).toEqual(["hosts"]);
  });

  it("leave no part without a place, but Kafka where that is external", () => {
    const some = placed(`clickhouse ${text(A)}`);
    expect(hostsFaults(some, { ...fine, hostsTls: "" })).toEqual([
      expect.stringMatching(/^hosts: says nowhere where kafka runs/),
      expect.stringMatching(/^hosts: says nowhere where pipeline runs/),
    ]);
    const external = placed(`clickhouse,pipeline ${text(A)}`);
    expect(hostsFaults(external, { ...fine, hostsTls: "", kafkaExternal: "k:9092" })).toEqual([]);
  });

  it("make TLS for Docker of use only where there is an endpoint for it", () => {
    const unused = [expect.stringMatching(/^hostsTls: is of use only for an endpoint tcp:/)];
    expect(hostsFaults(undefined, { hostsTls: "PEM" })).toEqual(unused);
    expect(
      hostsFaults(placed(`kafka,clickhouse,pipeline ${text(A)}`), { ...fine, brokers: 1 }),
    ).toEqual(unused);
  });
});

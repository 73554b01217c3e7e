import { describe, expect, it } from "vitest";
import { configOptions } from "../../../../../tools/lib/policy";
import { secretTexts } from "../../../../../tools/lib/policy/known-secrets";
import { policyMarkdown, renderPolicy } from "../../../../../tools/lib/policy/render";
import type { Violation } from "../../../../../tools/lib/policy/rule";

const violation: Violation = {
  rule: "replication",
  level: "mandatory",
  resource: "top-games-topic",
  type: "kafka:index/topic:Topic",
  where: "replicationFactor",
  value: "1 | one",
  fix: "raise it",
};

describe("violations", () => {
  it("are told with the rule, the place, the value and what to do", () => {
    expect(renderPolicy("prod", [violation])).toBe(
      [
        "policy: 1 against a mandatory rule",
        "mandatory  replication: Topics have at least 3 replicas, of which 2 have to be in sync.",
        "  where: top-games-topic (kafka:index/topic:Topic), replicationFactor: 1 | one",
        "  do:    raise it",
      ].join("\n"),
    );
    expect(renderPolicy("prod", [])).toBe("policy: prod keeps all rules");
  });

  it("are a table in a comment, which no value can break", () => {
    const text = policyMarkdown([violation, { ...violation, level: "advisory" }]);
    expect(text).toContain("### Policy: 1 against a mandatory rule, 1 advisory, **refused**");
    expect(text).toContain("| `top-games-topic.replicationFactor` | 1 \\| one | raise it |");
    expect(policyMarkdown([])).toContain("all rules are kept");
    const many = Array.from({ length: 30 }, () => violation);
    expect(policyMarkdown(many)).toContain("10 more: `npm run preview -- --policy`");
  });
});

describe("what the policy is told", () => {
  it("is the config of the command line, and none of its other options", () => {
    const options = ["--yes", "--config", "a=1", "-c=b=2", "--refresh", "-c", "d=3"];
    expect(configOptions(options)).toEqual(["--config", "a=1", "-c=b=2", "-c", "d=3"]);
  });

  it("is every secret of the state that is a text", () => {
    const mark = "4dabf18193072939515e22adb298388d";
    const state = {
      outputs: { [mark]: "x", plaintext: '"hunter2"' },
      list: [{ value: { [mark]: "x", plaintext: '{"a":1}' } }, { plaintext: '"no secret"' }],
    };
    expect(secretTexts(state)).toEqual(["hunter2"]);
  });
});

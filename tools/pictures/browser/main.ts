import type { Theme } from "../model/colors";
import type { PageData, Panel } from "../model/dashboard";
import { dateTime } from "../model/text";
import { element, styled } from "./dom";
import { drawPanel } from "./panel";

/** What is shown, as the part of the address after `#` says. */
interface View {
  theme: Theme;
  range: string;
}

let data = JSON.parse(document.getElementById("data")?.textContent ?? "{}") as PageData;

function view(): View {
  const wanted = new URLSearchParams(location.hash.slice(1));
  const range = wanted.get("range") ?? "";
  return {
    theme: wanted.get("theme") === "light" ? "light" : "dark",
    range: range in data.ranges ? range : data.range,
  };
}

function go(change: Partial<View>): void {
  location.hash = new URLSearchParams({ ...view(), ...change }).toString();
}

function render(): void {
  const { theme, range } = view();
  const shown = data.ranges[range];
  document.documentElement.dataset["theme"] = theme;
  document.title = `${data.dashboard.title} - Steamline`;
  const grid = element("main", "grid");
  document.body.replaceChildren(header(theme, range), grid);
  if (!shown) return;
  for (const panel of data.dashboard.panels) {
    const { x, y, w, h } = panel.gridPos;
    const box = styled(frame(panel), {
      gridColumn: `${x + 1} / span ${w}`,
      gridRow: `${y + 1} / span ${h}`,
    });
    grid.append(box);
    if (panel.type === "row") continue;
    const body = element("div", `body ${panel.type}`);
    box.append(body);
    drawPanel(body, panel, shown, theme);
  }
}

function header(theme: Theme, range: string): HTMLElement {
  const shown = data.ranges[range];
  const span = shown ? `${dateTime(shown.from)} to ${dateTime(shown.to)}` : "";
  const choices = data.choices.map(({ name, text }) => `${name}: ${text}`).join("  ");
  const ranges = Object.keys(data.ranges).map((name) =>
    button(name, name === range, () => go({ range: name })),
  );
  const other: Theme = theme === "dark" ? "light" : "dark";
  return element(
    "header",
    "",
    element("h1", "", data.dashboard.title),
    element("span", "choices", choices),
    element("span", "source", `${data.source}, ${span}`),
    element(
      "span",
      "buttons",
      ...ranges,
      button(other, false, () => go({ theme: other })),
    ),
  );
}

function button(text: string, pressed: boolean, act: () => void): HTMLElement {
  const made = element("button", pressed ? "pressed" : "", text);
  made.addEventListener("click", act);
  return made;
}

function frame(panel: Panel): HTMLElement {
  if (panel.type === "row") return element("section", "row", element("h2", "", panel.title));
  const title = element("h2", "", panel.title);
  title.title = panel.description ?? "";
  return element("section", "panel", title);
}

async function refresh(): Promise<void> {
  const answer = await fetch(`${location.pathname}.data`);
  if (!answer.ok) return;
  data = (await answer.json()) as PageData;
  render();
}

addEventListener("hashchange", render);
render();
if (data.refreshSeconds !== undefined) {
  setInterval(() => void refresh().catch(() => undefined), data.refreshSeconds * 1000);
}

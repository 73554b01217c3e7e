import type { Field } from "./frames";

export type Theme = "dark" | "light";

/** Grafana's named colours, for each theme. */
const NAMED: Record<Theme, Readonly<Record<string, string>>> = {
  dark: {
    green: "#73bf69",
    red: "#f2495c",
    orange: "#ff9830",
    yellow: "#fade2a",
    blue: "#5794f2",
    purple: "#b877d9",
    "semi-dark-orange": "#ff780a",
    text: "#ccccdc",
  },
  light: {
    green: "#3a8a30",
    red: "#d61f3a",
    orange: "#e86700",
    yellow: "#d9a400",
    blue: "#3274d9",
    purple: "#a352cc",
    "semi-dark-orange": "#e86700",
    text: "#24292e",
  },
};
const PALETTE = ["green", "orange", "blue", "red", "purple", "yellow", "semi-dark-orange"];

/** What a colour's name looks like. A name that is not known is taken as a CSS colour. */
export function css(name: string, theme: Theme): string {
  return NAMED[theme][name] ?? name;
}

/** The colour of the series at `index`: its own, or the next of the palette. */
export function seriesColor(field: Field, index: number, theme: Theme): string {
  const { color } = field.config;
  const name = color?.fixedColor ?? PALETTE[index % PALETTE.length] ?? "blue";
  return css(name, theme);
}

import { boundText, type Figure, ratio, ratiosOfRuns, verdict } from "./figure.ts";
import { spread } from "./statistics.ts";

const width = 860;
const left = 150;
const right = 250;
const rowHeight = 40;
const top = 56;
const colours = { met: "#1a7f37", missed: "#cf222e", none: "#57606a" };

/** The ratios as an SVG picture: a dot at that of the medians, a line over those of the runs, a tick where the bound is. */
export function plot(figures: readonly Figure[], caption: string): string {
  const rows = figures.filter(({ reference }) => reference !== undefined);
  const height = top + rows.length * rowHeight + 30;
  const greatest = Math.max(1.2, ...rows.flatMap((row) => [...seen(row), bound(row) ?? 0]));
  const x = (value: number) => round(left + (value / greatest) * (width - left - right));
  const parts = [
    text(12, 24, `registry-kit bench: ratio of the kit to its reference, ${caption}`, "font-weight='bold'"),
    `<line x1='${x(1)}' y1='${top - 12}' x2='${x(1)}' y2='${height - 24}' stroke='#d0d7de'/>`,
    text(x(1), height - 8, "1", "text-anchor='middle'"),
    ...rows.flatMap((row, i) => drawRow(row, top + i * rowHeight + rowHeight / 2, x)),
  ];
  const box = `xmlns='http://www.w3.org/2000/svg' viewBox='0 0 ${width} ${height}' width='${width}' height='${height}'`;
  const style = "font-family='system-ui, sans-serif' font-size='13' fill='#1f2328'";
  return `<svg ${box} ${style}>\n<rect width='100%' height='100%' fill='white'/>\n${parts.join("\n")}\n</svg>\n`;
}

function drawRow(figure: Figure, y: number, x: (value: number) => number): string[] {
  const value = ratio(figure) ?? Number.NaN;
  const colour = colours[verdict(figure)];
  const limit = bound(figure);
  const label = text(left - 12, y + 4, figure.name, "text-anchor='end'");
  if (!Number.isFinite(value)) return [label];
  const { least, greatest } = spread(seen(figure));
  const wanted = figure.bound ? `, wanted ${boundText(figure.bound)}` : "";
  return [
    `<g><title>${xml(figure.title)}</title>`,
    label,
    `<line x1='${x(least)}' y1='${y}' x2='${x(greatest)}' y2='${y}' stroke='${colour}' stroke-width='2'/>`,
    ...(limit === undefined
      ? []
      : [`<line x1='${x(limit)}' y1='${y - 12}' x2='${x(limit)}' y2='${y + 12}' stroke='#1f2328' stroke-width='2'/>`]),
    `<circle cx='${x(value)}' cy='${y}' r='5' fill='${colour}'/>`,
    text(width - right + 16, y + 4, `${value.toFixed(2)}${wanted}`),
    "</g>",
  ];
}

/** Every ratio that can be drawn: a run without a value for its reference has none. */
function seen(figure: Figure): number[] {
  return [ratio(figure) ?? Number.NaN, ...ratiosOfRuns(figure)].filter(Number.isFinite);
}

function bound({ bound }: Figure): number | undefined {
  return bound?.atMost ?? bound?.atLeast;
}

function text(x: number, y: number, content: string, attributes = ""): string {
  return `<text x='${x}' y='${y}' ${attributes}>${xml(content)}</text>`;
}

function xml(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

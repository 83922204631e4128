import { boundText, type Figure, ratio, ratiosOfRuns, verdict } from "./figure.ts";
import { median, spread } from "./statistics.ts";

const columns = ["Figure", "Kit", "Reference", "Ratio", "Ratios of runs", "Wanted", ""];

/** The figures as a table for people: medians, the ratio of the medians, and how much it differed from run to run. */
export function formatTable(figures: readonly Figure[]): string {
  const rows = [columns, ...figures.map(rowOf)];
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "));
  return `${lines.map((line) => line.trimEnd()).join("\n")}\n`;
}

function rowOf(figure: Figure): string[] {
  const { name, unit, subject, reference, bound } = figure;
  const quotient = ratio(figure);
  const word = { met: "ok", missed: bound?.kind === "aim" ? "missed (aim)" : "MISSED", none: "" }[verdict(figure)];
  const quantity = (values: readonly number[]) => `${number(median(values))} ${unit}`;
  return [
    name,
    quotient === undefined ? `${quantity(subject.values)} (${range(subject.values)})` : quantity(subject.values),
    reference ? `${quantity(reference.values)} (${reference.label})` : "",
    quotient?.toFixed(2) ?? "",
    quotient === undefined ? "" : range(ratiosOfRuns(figure)),
    bound ? boundText(bound) : "",
    word,
  ];
}

function range(values: readonly number[]): string {
  const { least, greatest } = spread(values);
  return `${number(least)} to ${number(greatest)}`;
}

/** Three digits are more than the spread allows. */
function number(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}

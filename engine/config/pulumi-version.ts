/** The version of the Pulumi CLI that this engine does the same as: that of the recordings in test/engine/programs. */
export const pulumiVersion = "3.260.0";

/**
 * Refuses a range of versions that {@link pulumiVersion} is not in: `>=3.0.0 <4.0.0`, `!3.1.2`, `<3.4.0 || >3.8.0`, `3.x`.
 * @param where names who asks for it.
 * @throws also where it is no range.
 */
export function requireVersion(range: string, where: string): void {
  const alternatives = range.split("||").map((part) => part.trim().split(/\s+/));
  const fits = alternatives.map((conditions) => conditions.map((condition) => holds(condition, where, range)));
  if (!fits.some((conditions) => conditions.every(Boolean)))
    throw new Error(
      `${where} asks for Pulumi ${range}; this engine does what Pulumi ${pulumiVersion} does. Use a Pulumi CLI of such a version.`,
    );
}

function holds(condition: string, where: string, range: string): boolean {
  const match = /^(>=|<=|>|<|==|=|!=|!)?v?(\d+)(?:\.(\d+|x))?(?:\.(\d+|x))?(?:[-+].*)?$/.exec(condition);
  if (!match) throw new Error(`${where}: "${range}" is no range of versions; write it like ">=3.0.0 <4.0.0".`);
  const [, operator = "=", ...wanted] = match;
  const given = pulumiVersion.split(".").map(Number);
  const places = wanted.map((part) => (part === undefined || part === "x" ? undefined : Number(part)));
  const first = given.findIndex((number, i) => places[i] !== undefined && places[i] !== number);
  const order = first < 0 ? 0 : Math.sign((given[first] ?? 0) - (places[first] ?? 0));
  if (operator === "=" || operator === "==") return order === 0;
  if (operator.startsWith("!")) return order !== 0;
  return order === 0 ? operator.endsWith("=") : operator.startsWith(order > 0 ? ">" : "<");
}

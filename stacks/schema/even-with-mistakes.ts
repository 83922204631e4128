/** `when` of a check of a whole section: it is made where a part of the section has a mistake, too, so that both are told at once. */
export function evenWithMistakes({ value }: { value: unknown }): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

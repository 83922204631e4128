/** As many names as one line takes: `a, b, c, d, e and 7 more`. */
export function listNames(names: string[], most = 5): string {
  const more = names.length - most;
  return more > 1 ? `${names.slice(0, most).join(", ")} and ${more} more` : names.join(", ");
}

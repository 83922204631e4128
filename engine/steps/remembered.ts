/** What a map has under a key; what it does not have yet, is made and kept. */
export function remembered<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const known = map.get(key) ?? make();
  map.set(key, known);
  return known;
}

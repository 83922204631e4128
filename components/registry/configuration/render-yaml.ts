import { Document, Scalar, visit } from "yaml";

/** What a configuration file is made of; keys with the value undefined are left out. */
export type YamlValue = string | number | boolean | YamlValue[] | YamlMap;
export type YamlMap = { [key: string]: YamlValue | undefined };

/**
 * Deterministic YAML, the same bytes for the same data whatever the order of its keys: keys sorted by code unit at every
 * level, no anchors, no folded lines, a newline at the end. Every text value is in double quotes, because readers differ
 * on what is text without them: the registry's (go.yaml.in/yaml/v2) takes `yes`, `1e3`, `0x1F`, `1_000` and `2001-01-01` for
 * something else, and its untyped maps (storage, auth, log.fields) then hold, or refuse, something that nobody wrote.
 */
export function renderYaml(tree: YamlMap): string {
  const document = new Document(tree, { aliasDuplicateObjects: false, sortMapEntries: true });
  visit(document, {
    Scalar(position, node) {
      if (typeof node.value !== "string") return;
      if (position !== "key" || !isPlainKey(node.value)) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  const lines = document.toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER });
  return lines.replace(unreadable, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/**
 * Characters that YAML 1.1 readers refuse (controls, byte order mark, non-characters) or take for a line break (NEL, LS,
 * PS) where they stand as they are. All text that may hold them is in double quotes, so they can be escaped.
 */
const unreadable = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/**
 * The registry's own keys need no quotes; other people's (header names, log fields) may look like anything. Digits
 * make a key suspect too: some readers take `e0` for a number.
 */
function isPlainKey(key: string): boolean {
  return /^(?:s3|[a-z][a-z_]+)$/.test(key) && !/^(?:yes|no|on|off|true|false|null)$/.test(key);
}

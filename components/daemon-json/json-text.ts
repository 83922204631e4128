/** A part of a JSON text: from the first character to the one after the last. */
interface Span {
  start: number;
  end: number;
}

interface Member {
  key: string;
  /** From the key's quote to the end of the value. */
  whole: Span;
  value: Span;
}

/**
 * Sets a member of a JSON object and leaves every other character as it is; a new one comes last, written as the others are.
 * @param text of an object, valid JSON
 */
export function setMember(text: string, key: string, value: string): string {
  const members = membersOf(text);
  const member = members.findLast((each) => each.key === key);
  if (member) return splice(text, member.value, value);
  const last = members.at(-1);
  if (!last) {
    const open = text.indexOf("{");
    return splice(text, { start: open, end: text.lastIndexOf("}") + 1 }, `{\n  ${JSON.stringify(key)}: ${value}\n}`);
  }
  const before = members.at(-2)?.whole.end ?? text.indexOf("{");
  const gap = text.slice(before + 1, last.whole.start).replace(/^\s*,/, "");
  const colon = text.slice(last.whole.start + JSON.stringify(last.key).length, last.value.start);
  const separator = /^\s*:\s*$/.test(colon) ? colon : ": ";
  return insert(text, last.whole.end, `,${gap}${JSON.stringify(key)}${separator}${value}`);
}

/** Removes a member, with the comma and the space that it came with. */
export function removeMember(text: string, key: string): string {
  const members = membersOf(text);
  const index = members.findLastIndex((member) => member.key === key);
  return index < 0
    ? text
    : removeAt(
        text,
        members.map(({ whole }) => whole),
        index,
      );
}

/** Appends texts to the list of a member, written as its other elements are; makes the member where there is none. */
export function appendToList(text: string, key: string, added: readonly string[]): string {
  const member = membersOf(text).findLast((each) => each.key === key);
  const isList = member && text[member.value.start] === "[";
  if (!isList) return setMember(text, key, `[${added.map((each) => JSON.stringify(each)).join(", ")}]`);
  return added.reduce((current, each) => appendOne(current, key, JSON.stringify(each)), text);
}

/** Takes the elements of a member's list away that `isUnwanted`; each text is one element. */
export function removeFromList(text: string, key: string, isUnwanted: (element: string) => boolean): string {
  const member = membersOf(text).findLast((each) => each.key === key);
  if (!member || text[member.value.start] !== "[") return text;
  const elements = elementsOf(text, member.value);
  const index = elements.findIndex(({ start, end }) => isUnwanted(JSON.parse(text.slice(start, end)) as string));
  return index < 0 ? text : removeFromList(removeAt(text, elements, index), key, isUnwanted);
}

function appendOne(text: string, key: string, element: string): string {
  const list = membersOf(text).findLast((each) => each.key === key)?.value ?? { start: 0, end: 0 };
  const elements = elementsOf(text, list);
  const last = elements.at(-1);
  if (!last) return splice(text, list, `[${element}]`);
  const previous = elements.at(-2);
  const lead = text.slice((previous ? previous.end : list.start) + 1, last.start).replace(/^\s*,/, "");
  // A list of one element in a line does not show how a second one would be written.
  const gap = previous || lead.includes("\n") ? lead : text.includes("\n") ? " " : "";
  return insert(text, last.end, `,${gap}${element}`);
}

/** Takes one of several parts away that commas separate. */
function removeAt(text: string, parts: readonly Span[], index: number): string {
  const [part, previous, next] = [parts[index], parts[index - 1], parts[index + 1]];
  if (!part) return text;
  if (previous) return splice(text, { start: previous.end, end: part.end }, "");
  return splice(text, { start: part.start, end: next ? next.start : part.end }, "");
}

function membersOf(text: string): Member[] {
  const open = text.indexOf("{");
  return parts(text, open).map((whole) => {
    const keyEnd = endOfString(text, whole.start);
    let start = text.indexOf(":", keyEnd) + 1;
    while (/\s/.test(text[start] ?? "")) start++;
    return { key: JSON.parse(text.slice(whole.start, keyEnd)) as string, whole, value: { start, end: whole.end } };
  });
}

function elementsOf(text: string, list: Span): Span[] {
  return parts(text, list.start);
}

/** What commas separate between the bracket or brace at `open` and its partner, without the space around. */
function parts(text: string, open: number): Span[] {
  const found: Span[] = [];
  let depth = 0;
  let start = open + 1;
  const close = (end: number) => {
    const part = text.slice(start, end);
    if (part.trim() === "") return;
    const from = start + part.length - part.trimStart().length;
    found.push({ start: from, end: from + part.trim().length });
  };
  for (let at = open; at < text.length; at++) {
    const character = text[at];
    if (character === '"') at = endOfString(text, at) - 1;
    else if (character === "{" || character === "[") depth++;
    else if ((character === "}" || character === "]") && --depth === 0) {
      close(at);
      return found;
    } else if (character === "," && depth === 1) {
      close(at);
      start = at + 1;
    }
  }
  return found;
}

function endOfString(text: string, quote: number): number {
  let at = quote + 1;
  while (text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}

function splice(text: string, { start, end }: Span, replacement: string): string {
  return text.slice(0, start) + replacement + text.slice(end);
}

function insert(text: string, at: number, addition: string): string {
  return splice(text, { start: at, end: at }, addition);
}

/** Text as lines of a width, cut at spaces; all but the first are indented. No text is no line. */
export function wrap(text: string, columns: number, indent: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (longer.length > columns && line.trim() !== "") {
      lines.push(line);
      line = `${" ".repeat(indent)}${word}`;
    } else {
      line = longer;
    }
  }
  return line.trim() === "" ? lines : [...lines, line];
}

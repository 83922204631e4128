import { type ErrorCode, LineCounter, type ParseOptions, parseDocument, type SchemaOptions, visit } from "yaml";

/** Where a text is no YAML, and what to do about it. */
const reasons: Partial<Record<ErrorCode, string>> = {
  BAD_ALIAS: 'a text that begins with "*" needs quotes',
  BAD_DQ_ESCAPE: "a backslash must stand twice between double quotes: use single quotes, where it stands for itself",
  BAD_INDENT: "the line is not indented as those around it, or a bracket is not closed",
  BAD_SCALAR_START: "a text that begins with @, `, % or another sign of YAML needs single quotes",
  BLOCK_AS_IMPLICIT_KEY: 'a text with ": " in it needs quotes, and a section begins on the next line',
  DUPLICATE_KEY: "the same name stands here a second time: leave one of the two out",
  MISSING_CHAR: "a quote, a bracket, a comma or a colon is missing",
  MULTILINE_IMPLICIT_KEY: 'a ":" is missing after a name, or a quote is not closed',
  MULTIPLE_DOCS: 'a second document begins here: leave out the line "---" and what follows it',
  TAB_AS_INDENT: "a tab begins the line: indent by blanks",
  UNEXPECTED_TOKEN:
    "this does not belong here: put a text with signs of YAML in single quotes, and write each ' in it twice",
};

/**
 * What keeps a settings file from being read, in words, with its place; undefined: nothing. It shows no part of the file: a
 * password may stand there.
 * @param options with which the file is read.
 */
export function yamlProblem(text: string, options: ParseOptions & SchemaOptions = {}): string | undefined {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { ...options, lineCounter, prettyErrors: false });
  const [error] = document.errors;
  let found: { code: ErrorCode; offset: number } | undefined = error && { code: error.code, offset: error.pos[0] };
  if (!found) {
    visit(document, {
      Alias: (_, alias) => {
        if (!alias.resolve(document)) found ??= { code: "BAD_ALIAS", offset: alias.range?.[0] ?? 0 };
      },
    });
  }
  if (!found) return undefined;
  const { line, col } = lineCounter.linePos(found.offset);
  return `line ${line}, column ${col}: ${reasons[found.code] ?? `YAML cannot be read here (${found.code})`}`;
}

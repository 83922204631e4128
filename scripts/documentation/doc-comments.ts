import { readFileSync } from "node:fs";
import ts from "typescript";

/** What the comments of a file say: of its classes and interfaces, and of each of their members. */
export type DocComments = Record<string, { text: string; members: Record<string, string> }>;

/** Reads the comments of source files, as editors show them. Tags are left out, but `@default` becomes a sentence. */
export function docComments(files: string[]): DocComments {
  const found: DocComments = {};
  for (const file of files) {
    const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
    for (const statement of source.statements) {
      if (!ts.isClassDeclaration(statement) && !ts.isInterfaceDeclaration(statement)) continue;
      const members = statement.members.flatMap((member) =>
        member.name && ts.isIdentifier(member.name) ? [[member.name.text, commentOf(member)] as const] : [],
      );
      found[statement.name?.text ?? ""] = { text: commentOf(statement), members: Object.fromEntries(members) };
    }
  }
  return found;
}

function commentOf(node: ts.Node): string {
  const [comment] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  if (!comment) return "";
  const byDefault = comment.tags?.find(({ tagName }) => tagName.text === "default");
  const texts = [comment.comment, byDefault && `Default: ${textOf(byDefault.comment)}.`];
  return texts
    .map((text) => textOf(text))
    .filter(Boolean)
    .join(" ");
}

function textOf(comment: string | ts.NodeArray<ts.JSDocComment> | undefined): string {
  const text = ts.getTextOfJSDocComment(comment) ?? "";
  return text
    .replaceAll(/\{@link ([^}]+)\}/g, "`$1`")
    .replaceAll(/\s*\n\s*/g, " ")
    .trim();
}

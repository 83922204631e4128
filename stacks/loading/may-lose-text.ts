/**
 * Whether a settings file may hold text that YAML takes for something else: what begins with a digit or a sign where a name stands,
 * zeros in front, underscores in numbers, dates, tags, anchors, two braces. A quick look, as most files hold nothing of that.
 */
export function mayLoseText(text: string): boolean {
  return [
    /(^|[\s{,])([-+.]?\d[\w.+-]*|[-+]?\.(inf|nan)|true|false|null|~)\s*:(\s|$)/im,
    /([:[,-]|^)\s+([-+]?0\d|[-+]?0[box]|\d{4}-\d|[-+]?[.\d]*_|[-+]?\.?\d[\d.]*(e|$|[\s,#}\]])|[-+]?\.(inf|nan))/im,
    /(^|[\s:,[{-])[&!]\S|\{\s*\{|^%YAML/m,
  ].some((pattern) => pattern.test(text));
}

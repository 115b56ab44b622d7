/** Changes to single lines of a Dockerfile, of which all others stay what they are. */

/** Changes the first line of an instruction on which the change takes; false where it takes on none. `line`: 1-based. */
export function editInstruction(
  lines: string[],
  line: number,
  change: (text: string) => string,
): boolean {
  for (let at = line - 1; at < lines.length; at++) {
    const text = lines[at] ?? '';
    const changed = change(text);
    if (changed !== text) {
      lines[at] = changed;
      return true;
    }
    if (!goesOn(text)) return false;
  }
  return false;
}

/** Adds a command behind the last of an instruction; false where that ends in a heredoc. */
export function addCommand(lines: string[], line: number, command: string): boolean {
  for (let at = line - 1; at < lines.length; at++) {
    const text = lines[at] ?? '';
    if (/<<-?\s*["']?\w/.test(text)) return false;
    if (goesOn(text)) continue;
    const [, own = '', end = ''] = /^(.*?)(\s*)$/s.exec(text) ?? [];
    // The array form has no shell, and behind these a command cannot go on.
    if (/(?:\]|[;&|({]|\b(?:then|do|else))$/.test(own)) return false;
    const [indent = ''] = /^\s*/.exec(text) ?? [];
    lines.splice(at, 1, `${own} \\${end}`, `${indent === '' ? '    ' : indent}&& ${command}${end}`);
    return true;
  }
  return false;
}

/** A comment or nothing between the lines of an instruction, or a line that ends with a backslash. */
function goesOn(text: string): boolean {
  return /\\\s*$/.test(text) || /^\s*(?:#|$)/.test(text);
}

/** What Python would refuse, by the numbers that the lexer has for it (lexer/scan.ts). */

/** Something in a file that Python itself would refuse. `line` is 1-based. */
export interface SourceProblem {
  readonly code: string;
  readonly line: number;
  readonly message: string;
}

/** Code and message by number; 0 is no problem. */
const PROBLEMS: readonly (readonly [code: string, message: string])[] = [
  ['', ''],
  ['unexpected-indent', 'this line is indented without a reason'],
  ['missing-block', 'an indented block is missing after this line'],
  ['bad-dedent', 'the indentation matches no line above'],
  ['tabs-and-spaces', 'tabs and spaces are mixed in the indentation'],
  ['missing-colon', 'a `:` is missing at the end of this statement'],
  ['bad-import', 'this import statement is not valid Python'],
  ['unclosed-bracket', 'this bracket is never closed'],
  ['unclosed-bracket', 'this bracket is not closed before the next statement'],
  ['too-deep', 'brackets are nested more than 200 deep'],
  ['template', 'this is a template, not Python'],
  ['unmatched-bracket', 'this bracket was never opened'],
  ['unmatched-bracket', 'this bracket closes another kind'],
  ['nul-byte', 'a NUL byte is not allowed in Python source'],
  ['bad-character', '`?` is not Python 3'],
  ['too-deep', 'operators are nested too deep for Python'],
  ['bad-continuation', 'the file ends after a backslash'],
  ['bad-continuation', 'a backslash stands before something else than the end of the line'],
  ['unterminated-string', 'this string is not closed on its line'],
  ['unterminated-string', 'this string is not closed'],
  ['unterminated-string', 'this triple-quoted string is never closed'],
  ['python-2', 'a print statement: this file is Python 2'],
];

/** The problem of a number in a line. `byte` is the one that it is about. */
export function toProblem(number: number, line: number, byte: number): SourceProblem {
  const [code, message] = PROBLEMS[number] ?? ['', ''];
  const isCharacter = code === 'bad-character';
  return {
    code,
    line,
    message: isCharacter ? message.replace('?', () => String.fromCharCode(byte)) : message,
  };
}

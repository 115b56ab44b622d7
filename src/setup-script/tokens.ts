/**
 * The tokens of a setup script with the layout that Python gives them: logical lines, indentation and decoded strings, each
 * with its place. `imports/python-tokens.ts` has no layout, and the scanner no values: neither can be evaluated.
 */

/** One token. `start` and `end` are 0-based offsets into the text. */
export interface Token {
  readonly kind: 'name' | 'number' | 'string' | 'mark' | 'newline' | 'indent' | 'dedent' | 'end';
  /** A string's decoded content, else the text itself. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
  /** Of a string: where its content starts where that stands in the text as it is, else null (escapes). */
  readonly contentAt: number | null;
  /** An f-string, with its fields unread. */
  readonly isFormat: boolean;
}

/** The text is no Python that is read. `offset` is 0-based. */
export class ScriptError extends Error {
  override readonly name = 'ScriptError';
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

const longestScript = 1_000_000;
const mostTokens = 200_000;
const word = /[\p{L}_][\p{L}\p{N}\p{M}_]*/uy;
const number = /(?:0[xXoObB][\da-fA-F_]+|(?:\d[\d_]*)?\.?\d[\d_]*(?:[eE][+-]?\d+)?\.?)[jJlL]?/y;
const mark =
  /\*\*=|\/\/=|>>=|<<=|\.\.\.|->|:=|==|!=|<=|>=|<>|\*\*|\/\/|>>|<<|[-+*/%@&|^]=|[^\s\w]/uy;
const prefix = /^(?:[rbuft]|[bft]r|r[bft])$/i;

/** All tokens, an `end` token last. Linear; throws ScriptError for text that no Python accepts, or that is too long. */
export function readTokens(text: string): readonly Token[] {
  if (text.length > longestScript) throw new ScriptError('it is too long to be read', 0);
  const tokens: Token[] = [];
  const indents: number[] = [0];
  let depth = 0;
  let position = text.startsWith('\ufeff') ? 1 : 0;
  const push = (kind: Token['kind'], end: number): void => {
    tokens.push({
      kind,
      value: text.slice(position, end),
      start: position,
      end,
      contentAt: null,
      isFormat: false,
    });
    position = end;
  };
  let isLineStart = true;
  while (position < text.length) {
    if (tokens.length > mostTokens) throw new ScriptError('it is too long to be read', position);
    if (isLineStart && depth === 0) {
      const line = measureIndent(text, position);
      position = line.end;
      const first = text[position];
      if (first === undefined) break;
      if (first === '\n' || first === '\r' || first === '#') {
        position = nextLine(text, position);
        continue;
      }
      isLineStart = false;
      if (line.width > (indents.at(-1) ?? 0)) {
        indents.push(line.width);
        push('indent', position);
      }
      while (line.width < (indents.at(-1) ?? 0)) {
        indents.pop();
        push('dedent', position);
      }
      if (line.width !== indents.at(-1))
        throw new ScriptError('a line is indented like no other', position);
    }
    const character = text[position] ?? '';
    if (character === '\n' || character === '\r') {
      const end = nextLine(text, position);
      if (depth === 0) {
        push('newline', end);
        isLineStart = true;
      } else position = end;
      continue;
    }
    if (character === ' ' || character === '\t' || character === '\f' || character === '\v') {
      position++;
      continue;
    }
    if (character === '#') {
      position = endOfLine(text, position);
      continue;
    }
    if (character === '\\') {
      const after = text[position + 1];
      if (after !== '\n' && after !== '\r') throw new ScriptError('a `\\` stands alone', position);
      position = nextLine(text, position + 1);
      continue;
    }
    const name = matchAt(word, text, position);
    const quoteAt = name === null ? position : name;
    const quote = text[quoteAt];
    const opening = name === null ? '' : text.slice(position, name);
    if ((quote === '"' || quote === "'") && (name === null || prefix.test(opening))) {
      const token = readString(text, { start: position, quoteAt, prefix: opening.toLowerCase() });
      tokens.push(token);
      position = token.end;
      continue;
    }
    if (name !== null) {
      push('name', name);
      continue;
    }
    const isNumber = /[\d.]/.test(character) && /\d/.test(character + (text[position + 1] ?? ''));
    const numberEnd = isNumber ? matchAt(number, text, position) : null;
    if (numberEnd !== null) {
      push('number', numberEnd);
      continue;
    }
    if (character === '(' || character === '[' || character === '{') depth++;
    if (character === ')' || character === ']' || character === '}') depth = Math.max(0, depth - 1);
    push('mark', matchAt(mark, text, position) ?? position + 1);
  }
  if (tokens.length > 0 && tokens.at(-1)?.kind !== 'newline') push('newline', position);
  for (; indents.length > 1; indents.pop()) push('dedent', position);
  push('end', position);
  return tokens;
}

function matchAt(pattern: RegExp, text: string, position: number): number | null {
  pattern.lastIndex = position;
  return pattern.test(text) ? pattern.lastIndex : null;
}

function measureIndent(
  text: string,
  from: number,
): { readonly width: number; readonly end: number } {
  let width = 0;
  let end = from;
  for (; end < text.length; end++) {
    const character = text[end];
    if (character === ' ') width++;
    else if (character === '\t') width += 8 - (width % 8);
    else if (character === '\f') width = 0;
    else break;
  }
  return { width, end };
}

function endOfLine(text: string, from: number): number {
  let end = from;
  while (end < text.length && text[end] !== '\n' && text[end] !== '\r') end++;
  return end;
}

function nextLine(text: string, from: number): number {
  const end = endOfLine(text, from);
  return text[end] === '\r' && text[end + 1] === '\n' ? end + 2 : Math.min(end + 1, text.length);
}

interface StringStart {
  readonly start: number;
  readonly quoteAt: number;
  readonly prefix: string;
}

function readString(text: string, { start, quoteAt, prefix: letters }: StringStart): Token {
  const quote = text[quoteAt] ?? '';
  const isTriple = text.startsWith(quote.repeat(3), quoteAt);
  const closing = isTriple ? quote.repeat(3) : quote;
  const from = quoteAt + closing.length;
  let position = from;
  while (position < text.length && !text.startsWith(closing, position)) {
    const character = text[position];
    if (!isTriple && (character === '\n' || character === '\r')) break;
    position += character === '\\' ? 2 : 1;
  }
  if (!text.startsWith(closing, position)) throw new ScriptError('a string is not closed', start);
  const raw = text.slice(from, position);
  const value = letters.includes('r') || !raw.includes('\\') ? raw : decodeEscapes(raw);
  return {
    kind: 'string',
    value,
    start,
    end: position + closing.length,
    contentAt: value === raw ? from : null,
    isFormat: letters.includes('f') || letters.includes('t'),
  };
}

const plainEscapes: Readonly<Record<string, string>> = {
  '\n': '',
  '\r': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

function decodeEscapes(raw: string): string {
  return raw.replace(
    /\\(\r\n|x[\da-fA-F]{2}|u[\da-fA-F]{4}|[0-7]{1,3}|[\s\S])/g,
    (whole, escape: string) => {
      if (escape === '\r\n') return '';
      if (escape.length > 1 && (escape[0] === 'x' || escape[0] === 'u'))
        return String.fromCharCode(Number.parseInt(escape.slice(1), 16));
      if (/^[0-7]/.test(escape)) return String.fromCharCode(Number.parseInt(escape, 8));
      return plainEscapes[escape] ?? whole;
    },
  );
}

/**
 * Expressions of Python to a tree. No backtracking, and bounded: nesting and chains have an end, beyond which a ScriptError
 * is thrown, so that no text overflows the stack here or where the tree is evaluated.
 */
import type { Argument, Clause, Expression, Parameter, StringPart } from './syntax.ts';
import { ScriptError, type Token } from './tokens.ts';

/** Where the parser stands in its tokens. */
export interface Cursor {
  readonly tokens: readonly Token[];
  position: number;
  depth: number;
}

const deepest = 60;
const longestChain = 400;
const keywords: ReadonlySet<string> = new Set(
  'and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield'.split(
    ' ',
  ),
);
const precedence: Readonly<Record<string, number>> = {
  '|': 1,
  '^': 2,
  '&': 3,
  '<<': 4,
  '>>': 4,
  '+': 5,
  '-': 5,
  '*': 6,
  '/': 6,
  '//': 6,
  '%': 6,
  '@': 6,
};

/** The token at the cursor. */
export function peek(cursor: Cursor, ahead = 0): Token {
  const token = cursor.tokens[cursor.position + ahead] ?? cursor.tokens.at(-1);
  if (token === undefined) throw new ScriptError('it is empty', 0);
  return token;
}

/** Whether the cursor stands at a mark or keyword. */
export function isAt(cursor: Cursor, value: string): boolean {
  const token = peek(cursor);
  return token.value === value && (token.kind === 'mark' || token.kind === 'name');
}

/** Steps over a mark or keyword where it is there. */
export function accept(cursor: Cursor, value: string): boolean {
  if (!isAt(cursor, value)) return false;
  cursor.position++;
  return true;
}

/** Steps over a mark or keyword; throws ScriptError where it is not there. */
export function expect(cursor: Cursor, value: string): void {
  if (!accept(cursor, value))
    throw new ScriptError(`\`${value}\` was expected`, peek(cursor).start);
}

/** Steps over a name that is no keyword. */
export function expectName(cursor: Cursor): string {
  const { kind, value, start } = peek(cursor);
  if (kind !== 'name' || keywords.has(value)) throw new ScriptError('a name was expected', start);
  cursor.position++;
  return value;
}

/** One level deeper; throws ScriptError where that is too deep. */
export function deeper<Result>(cursor: Cursor, parse: () => Result): Result {
  if (cursor.depth >= deepest) throw new ScriptError('it is nested too deeply', peek(cursor).start);
  cursor.depth++;
  const result = parse();
  cursor.depth--;
  return result;
}

/** One expression, or several with commas as a tuple. */
export function parseExpressions(cursor: Cursor): Expression {
  const { start } = peek(cursor);
  const first = parseItem(cursor);
  if (!isAt(cursor, ',')) return first;
  const items = [first];
  while (accept(cursor, ',') && startsExpression(cursor)) items.push(parseItem(cursor));
  return { kind: 'sequence', form: 'tuple', items, at: start };
}

function startsExpression(cursor: Cursor): boolean {
  const { kind, value } = peek(cursor);
  if (kind === 'name') return !keywords.has(value) || /^(?:not|lambda|await|yield)$/.test(value);
  return (
    kind === 'string' ||
    kind === 'number' ||
    (kind === 'mark' && /^(?:[-([{*~+]|\.\.\.)$/.test(value))
  );
}

function parseItem(cursor: Cursor): Expression {
  const { start } = peek(cursor);
  if (!accept(cursor, '*')) return parseExpression(cursor);
  return { kind: 'star', operand: parseExpression(cursor), at: start };
}

/** One expression without commas. */
export function parseExpression(cursor: Cursor): Expression {
  return deeper(cursor, () => {
    const { start } = peek(cursor);
    if (isAt(cursor, 'lambda')) return parseLambda(cursor);
    const value = parseLogic(cursor, 'or');
    if (accept(cursor, ':=')) {
      parseExpression(cursor);
      return opaqueFrom(cursor, start);
    }
    if (!accept(cursor, 'if')) return value;
    const condition = parseLogic(cursor, 'or');
    expect(cursor, 'else');
    return { kind: 'choice', condition, yes: value, no: parseExpression(cursor), at: start };
  });
}

// What was read since, as nothing but the names in it: those that it may bind or change.
function opaqueFrom(cursor: Cursor, from: number): Expression {
  const names: string[] = [];
  for (let index = cursor.position - 1; index >= 0; index--) {
    const token = cursor.tokens[index];
    if (token === undefined || token.start < from) break;
    if (token.kind === 'name') names.push(token.value);
  }
  return { kind: 'opaque', names, at: from };
}

function parseLambda(cursor: Cursor): Expression {
  const { start } = peek(cursor);
  cursor.position++;
  const parameters = parseParameters(cursor, ':');
  expect(cursor, ':');
  return { kind: 'lambda', parameters, body: parseExpression(cursor), at: start };
}

/** Parameters up to the closing mark, which is left. Annotations are stepped over. */
export function parseParameters(cursor: Cursor, closing: string): readonly Parameter[] {
  const parameters: Parameter[] = [];
  while (!isAt(cursor, closing)) {
    const kind = accept(cursor, '**') ? 'keywords' : accept(cursor, '*') ? 'rest' : 'plain';
    if (kind === 'plain' && accept(cursor, '/')) {
      accept(cursor, ',');
      continue;
    }
    if (kind === 'rest' && accept(cursor, ',')) continue;
    const name = expectName(cursor);
    if (closing === ')' && accept(cursor, ':')) parseExpression(cursor);
    const initial = accept(cursor, '=') ? parseExpression(cursor) : null;
    parameters.push({ name, kind, initial });
    if (!accept(cursor, ',')) break;
  }
  return parameters;
}

function parseLogic(cursor: Cursor, operator: 'and' | 'or'): Expression {
  const { start } = peek(cursor);
  const operands: Expression[] = [];
  do operands.push(operator === 'or' ? parseLogic(cursor, 'and') : parseNot(cursor));
  while (accept(cursor, operator));
  const [only] = operands;
  return operands.length === 1 && only !== undefined
    ? only
    : { kind: 'logic', operator, operands, at: start };
}

function parseNot(cursor: Cursor): Expression {
  const { start } = peek(cursor);
  if (!accept(cursor, 'not')) return parseComparison(cursor);
  return deeper(cursor, () => ({ kind: 'not', operand: parseNot(cursor), at: start }));
}

function parseComparison(cursor: Cursor): Expression {
  const { start } = peek(cursor);
  const first = parseBinary(cursor, 1);
  const rest: { operator: string; right: Expression }[] = [];
  for (let operator = comparison(cursor); operator !== null; operator = comparison(cursor))
    rest.push({ operator, right: parseBinary(cursor, 1) });
  return rest.length === 0 ? first : { kind: 'compare', first, rest, at: start };
}

function comparison(cursor: Cursor): string | null {
  const { kind, value } = peek(cursor);
  if (kind === 'mark' && /^(?:==|!=|<=|>=|<|>|<>)$/.test(value)) {
    cursor.position++;
    return value === '<>' ? '!=' : value;
  }
  if (accept(cursor, 'in')) return 'in';
  if (accept(cursor, 'is')) return accept(cursor, 'not') ? 'is not' : 'is';
  if (!isAt(cursor, 'not') || peek(cursor, 1).value !== 'in') return null;
  cursor.position += 2;
  return 'not in';
}

function parseBinary(cursor: Cursor, lowest: number): Expression {
  const { start } = peek(cursor);
  let left = parseUnary(cursor);
  for (let count = 0; ; count++) {
    const { kind, value } = peek(cursor);
    const level = kind === 'mark' ? (precedence[value] ?? 0) : 0;
    if (level < lowest) return left;
    if (count > longestChain) throw new ScriptError('a chain of operators is too long', start);
    cursor.position++;
    left = {
      kind: 'binary',
      operator: value,
      left,
      right: parseBinary(cursor, level + 1),
      at: start,
    };
  }
}

function parseUnary(cursor: Cursor): Expression {
  const { start } = peek(cursor);
  if (accept(cursor, '-'))
    return deeper(cursor, () => ({ kind: 'minus', operand: parseUnary(cursor), at: start }));
  if (accept(cursor, '+') || accept(cursor, '~') || accept(cursor, 'await')) {
    deeper(cursor, () => parseUnary(cursor));
    return opaqueFrom(cursor, start);
  }
  const base = parsePostfix(cursor);
  if (!accept(cursor, '**')) return base;
  const right = deeper(cursor, () => parseUnary(cursor));
  return { kind: 'binary', operator: '**', left: base, right, at: start };
}

function parsePostfix(cursor: Cursor): Expression {
  const { start } = peek(cursor);
  let value = parseAtom(cursor);
  for (let count = 0; ; count++) {
    if (count > longestChain) throw new ScriptError('a chain of calls is too long', start);
    if (accept(cursor, '.'))
      value = { kind: 'attribute', object: value, name: expectName(cursor), at: start };
    else if (isAt(cursor, '(')) value = parseCall(cursor, value);
    else if (isAt(cursor, '[')) value = parseIndex(cursor, value);
    else return value;
  }
}

function parseCall(cursor: Cursor, callee: Expression): Expression {
  expect(cursor, '(');
  const list: Argument[] = [];
  while (!isAt(cursor, ')')) {
    const star = accept(cursor, '**') ? '**' : accept(cursor, '*') ? '*' : null;
    const { kind, value: word } = peek(cursor);
    const isKeyword =
      star === null &&
      kind === 'name' &&
      peek(cursor, 1).value === '=' &&
      peek(cursor, 1).kind === 'mark';
    if (isKeyword) cursor.position += 2;
    const value = parseExpression(cursor);
    const isGenerator = star === null && !isKeyword && isAt(cursor, 'for');
    list.push({
      keyword: isKeyword ? word : star,
      value: isGenerator ? parseClauses(cursor, { form: 'list', key: null, item: value }) : value,
    });
    if (!accept(cursor, ',')) break;
  }
  expect(cursor, ')');
  return { kind: 'call', callee, arguments: list, at: callee.at };
}

function parseIndex(cursor: Cursor, object: Expression): Expression {
  expect(cursor, '[');
  const from = isAt(cursor, ':') ? null : parseExpressions(cursor);
  if (!accept(cursor, ':')) {
    expect(cursor, ']');
    if (from === null) throw new ScriptError('an index was expected', object.at);
    return { kind: 'index', object, key: from, at: object.at };
  }
  const to = isAt(cursor, ':') || isAt(cursor, ']') ? null : parseExpression(cursor);
  const hasStep = accept(cursor, ':') && !isAt(cursor, ']');
  if (hasStep) parseExpression(cursor);
  expect(cursor, ']');
  if (hasStep) return { kind: 'opaque', names: [], at: object.at };
  return { kind: 'slice', object, from, to, at: object.at };
}

function parseAtom(cursor: Cursor): Expression {
  const token = peek(cursor);
  const at = token.start;
  if (token.kind === 'string') return parseStrings(cursor);
  if (token.kind === 'number') {
    cursor.position++;
    return { kind: 'number', value: Number(token.value.replace(/_|[lLjJ]$/g, '')), at };
  }
  if (token.kind === 'name') {
    if (isAt(cursor, 'lambda')) return parseLambda(cursor);
    if (accept(cursor, 'yield')) {
      accept(cursor, 'from');
      if (startsExpression(cursor)) parseExpressions(cursor);
      return { kind: 'opaque', names: [], at };
    }
    return { kind: 'name', name: expectName(cursor), at };
  }
  if (accept(cursor, '...')) return { kind: 'opaque', names: [], at };
  if (isAt(cursor, '(')) return parseParenthesis(cursor);
  if (isAt(cursor, '[')) return parseList(cursor);
  if (isAt(cursor, '{')) return parseBraces(cursor);
  throw new ScriptError('an expression was expected', at);
}

function parseStrings(cursor: Cursor): Expression {
  const { start } = peek(cursor);
  const parts: StringPart[] = [];
  for (let token = peek(cursor); token.kind === 'string'; token = peek(cursor)) {
    if (token.isFormat) parts.push(...readFields(token));
    else parts.push({ text: token.value, contentAt: token.contentAt });
    cursor.position++;
  }
  return { kind: 'string', parts, at: start };
}

// The fields of an f-string: plain names with attributes; anything else is not read.
function readFields(token: Token): readonly StringPart[] {
  const parts: StringPart[] = [];
  const pattern = /\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+/g;
  for (const match of token.value.matchAll(pattern)) {
    const [whole, field] = match;
    const contentAt = token.contentAt === null ? null : token.contentAt + match.index;
    if (field !== undefined) parts.push({ field: parseField(field.trim(), token.start) });
    else if (whole === '{' || whole === '}') parts.push({ field: null });
    else parts.push({ text: whole === '{{' || whole === '}}' ? whole.slice(1) : whole, contentAt });
  }
  return parts;
}

function parseField(text: string, at: number): Expression | null {
  if (!/^[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*){0,8}$/u.test(text)) return null;
  const [first = '', ...attributes] = text.split('.');
  let value: Expression = { kind: 'name', name: first, at };
  for (const name of attributes) value = { kind: 'attribute', object: value, name, at };
  return value;
}

function parseParenthesis(cursor: Cursor): Expression {
  const { start } = peek(cursor);
  expect(cursor, '(');
  if (accept(cursor, ')')) return { kind: 'sequence', form: 'tuple', items: [], at: start };
  const value = parseExpressions(cursor);
  const result = isAt(cursor, 'for')
    ? parseClauses(cursor, { form: 'list', key: null, item: value })
    : value;
  expect(cursor, ')');
  return result;
}

function parseList(cursor: Cursor): Expression {
  const { start } = peek(cursor);
  expect(cursor, '[');
  const items: Expression[] = [];
  while (!isAt(cursor, ']')) {
    const item = parseItem(cursor);
    if (items.length === 0 && isAt(cursor, 'for')) {
      const result = parseClauses(cursor, { form: 'list', key: null, item });
      expect(cursor, ']');
      return result;
    }
    items.push(item);
    if (!accept(cursor, ',')) break;
  }
  expect(cursor, ']');
  return { kind: 'sequence', form: 'list', items, at: start };
}

function parseBraces(cursor: Cursor): Expression {
  const { start } = peek(cursor);
  expect(cursor, '{');
  const entries: { key: Expression | null; value: Expression }[] = [];
  const items: Expression[] = [];
  while (!isAt(cursor, '}')) {
    if (accept(cursor, '**')) entries.push({ key: null, value: parseExpression(cursor) });
    else {
      const item = parseItem(cursor);
      const value = accept(cursor, ':') ? parseExpression(cursor) : null;
      if (isAt(cursor, 'for')) {
        const result = parseClauses(
          cursor,
          value === null
            ? { form: 'set', key: null, item }
            : { form: 'dict', key: item, item: value },
        );
        expect(cursor, '}');
        return result;
      }
      if (value === null) items.push(item);
      else entries.push({ key: item, value });
    }
    if (!accept(cursor, ',')) break;
  }
  expect(cursor, '}');
  return items.length > 0
    ? { kind: 'sequence', form: 'set', items, at: start }
    : { kind: 'dict', entries, at: start };
}

interface ComprehensionHead {
  readonly form: 'list' | 'set' | 'dict';
  readonly key: Expression | null;
  readonly item: Expression;
}

function parseClauses(cursor: Cursor, head: ComprehensionHead): Expression {
  const clauses: Clause[] = [];
  while (accept(cursor, 'for')) {
    const target = parseTargets(cursor);
    expect(cursor, 'in');
    const source = parseLogic(cursor, 'or');
    const conditions: Expression[] = [];
    while (accept(cursor, 'if')) conditions.push(parseLogic(cursor, 'or'));
    clauses.push({ target, source, conditions });
  }
  return { kind: 'comprehension', ...head, clauses, at: head.item.at };
}

/** What `for` binds: names with commas, up to `in`. */
export function parseTargets(cursor: Cursor): Expression {
  const { start } = peek(cursor);
  const items = [parsePostfix(cursor)];
  let isTuple = false;
  while (accept(cursor, ',')) {
    isTuple = true;
    if (isAt(cursor, 'in')) break;
    items.push(parsePostfix(cursor));
  }
  const [only] = items;
  return !isTuple && only !== undefined
    ? only
    : { kind: 'sequence', form: 'tuple', items, at: start };
}

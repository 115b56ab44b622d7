/** A setup script to statements. A statement that is not read becomes `opaque`; the rest goes on. */
import {
  accept,
  deeper,
  expect,
  expectName,
  isAt,
  parseExpression,
  parseExpressions,
  parseParameters,
  parseTargets,
  peek,
  type Cursor,
} from './parse-expression.ts';
import type { Expression, Handler, ImportedName, Statement } from './syntax.ts';
import { readTokens, ScriptError } from './tokens.ts';

/** What is noted while the body of a function is read. */
interface FunctionNotes {
  isGenerator: boolean;
  readonly globals: string[];
}

interface ScriptCursor extends Cursor {
  notes: FunctionNotes;
}

/** The statements of a script. Throws ScriptError where the text has no tokens; a bad statement alone is `opaque`. */
export function parseScript(text: string): readonly Statement[] {
  const cursor: ScriptCursor = {
    tokens: readTokens(text),
    position: 0,
    depth: 0,
    notes: { isGenerator: false, globals: [] },
  };
  const statements: Statement[] = [];
  while (peek(cursor).kind !== 'end') statements.push(...parseLine(cursor));
  return statements;
}

// A logical line, or a compound statement with its block.
function parseLine(cursor: ScriptCursor): readonly Statement[] {
  const start = cursor.position;
  const { depth, notes } = cursor;
  if (peek(cursor).kind === 'indent' || peek(cursor).kind === 'dedent') {
    cursor.position++;
    return [];
  }
  try {
    return parseStatements(cursor);
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    cursor.position = start;
    cursor.depth = depth;
    cursor.notes = notes;
    return [skipStatement(cursor)];
  }
}

function skipStatement(cursor: ScriptCursor): Statement {
  const { start: at } = peek(cursor);
  const names = new Set<string>();
  for (; peek(cursor).kind !== 'newline' && peek(cursor).kind !== 'end'; cursor.position++)
    if (peek(cursor).kind === 'name') names.add(peek(cursor).value);
  if (peek(cursor).kind === 'newline') cursor.position++;
  const body: Statement[] = [];
  if (peek(cursor).kind === 'indent') {
    if (cursor.depth < 40) {
      cursor.depth++;
      body.push(...parseIndented(cursor));
      cursor.depth--;
    } else skipBlock(cursor, names);
  }
  return { kind: 'opaque', names: [...names], body, at };
}

function skipBlock(cursor: ScriptCursor, names: Set<string>): void {
  let open = 0;
  do {
    const { kind, value } = peek(cursor);
    if (kind === 'indent') open++;
    if (kind === 'dedent') open--;
    if (kind === 'name') names.add(value);
    if (kind === 'end') return;
    cursor.position++;
  } while (open > 0);
}

function parseIndented(cursor: ScriptCursor): readonly Statement[] {
  cursor.position++;
  const statements: Statement[] = [];
  while (peek(cursor).kind !== 'dedent' && peek(cursor).kind !== 'end')
    statements.push(...parseLine(cursor));
  if (peek(cursor).kind === 'dedent') cursor.position++;
  return statements;
}

function parseBlock(cursor: ScriptCursor): readonly Statement[] {
  expect(cursor, ':');
  if (peek(cursor).kind !== 'newline') return parseSimpleLine(cursor);
  cursor.position++;
  if (peek(cursor).kind !== 'indent')
    throw new ScriptError('a block was expected', peek(cursor).start);
  return deeper(cursor, () => parseIndented(cursor));
}

function parseStatements(cursor: ScriptCursor): readonly Statement[] {
  const { value, kind } = peek(cursor);
  if (kind === 'newline') {
    cursor.position++;
    return [];
  }
  if (kind === 'mark' && value === '@') return [parseDecorated(cursor)];
  if (kind === 'name') {
    switch (value) {
      case 'if':
        return [parseIf(cursor)];
      case 'for':
        return [parseFor(cursor)];
      case 'while':
        return [parseWhile(cursor)];
      case 'try':
        return [parseTry(cursor)];
      case 'with':
        return [parseWith(cursor)];
      case 'def':
        return [parseFunction(cursor, false)];
      case 'class':
        return [parseClass(cursor)];
      default:
        break;
    }
  }
  return parseSimpleLine(cursor);
}

function parseSimpleLine(cursor: ScriptCursor): readonly Statement[] {
  const statements: Statement[] = [];
  do {
    if (peek(cursor).kind === 'newline') break;
    statements.push(parseSimple(cursor));
  } while (accept(cursor, ';'));
  if (peek(cursor).kind === 'newline') cursor.position++;
  else if (peek(cursor).kind !== 'end')
    throw new ScriptError('the end of a statement was expected', peek(cursor).start);
  return statements;
}

function parseSimple(cursor: ScriptCursor): Statement {
  const { start: at, value, kind } = peek(cursor);
  if (kind !== 'name') return parseAssignment(cursor);
  switch (value) {
    case 'import':
      return parseImport(cursor);
    case 'from':
      return parseFromImport(cursor);
    case 'pass':
    case 'break':
    case 'continue':
      cursor.position++;
      return { kind: value, at };
    case 'return':
    case 'raise':
    case 'yield':
      return parseLeaving(cursor, value);
    case 'global':
    case 'nonlocal':
      cursor.position++;
      do cursor.notes.globals.push(expectName(cursor));
      while (accept(cursor, ','));
      return { kind: 'pass', at };
    case 'assert':
      cursor.position++;
      parseExpressions(cursor);
      return { kind: 'pass', at };
    case 'del': {
      cursor.position++;
      const targets = parseExpressions(cursor);
      return {
        kind: 'delete',
        targets: targets.kind === 'sequence' ? targets.items : [targets],
        at,
      };
    }
    default:
      return parseAssignment(cursor);
  }
}

function parseLeaving(cursor: ScriptCursor, kind: 'return' | 'raise' | 'yield'): Statement {
  const { start: at } = peek(cursor);
  cursor.position++;
  if (kind === 'yield') cursor.notes.isGenerator = true;
  if (isAt(cursor, 'from')) throw new ScriptError('`yield from` is not read', at);
  const isBare = peek(cursor).kind === 'newline' || isAt(cursor, ';');
  const value = isBare ? null : parseExpressions(cursor);
  if (kind === 'raise' && accept(cursor, 'from')) parseExpression(cursor);
  return { kind, value, at };
}

function parseAssignment(cursor: ScriptCursor): Statement {
  const { start: at } = peek(cursor);
  const first = parseExpressions(cursor);
  const { kind, value: operator } = peek(cursor);
  if (kind === 'mark' && /^(?:[-+*/%@&|^]|\*\*|\/\/|<<|>>)=$/.test(operator)) {
    cursor.position++;
    return {
      kind: 'augment',
      target: first,
      operator: operator.slice(0, -1),
      value: parseExpressions(cursor),
      at,
    };
  }
  if (accept(cursor, ':')) {
    parseExpression(cursor);
    if (!isAt(cursor, '=')) return { kind: 'pass', at };
  }
  const targets: Expression[] = [];
  let value = first;
  while (accept(cursor, '=')) {
    targets.push(value);
    value = parseExpressions(cursor);
  }
  return targets.length === 0
    ? { kind: 'expression', value, at }
    : { kind: 'assign', targets, value, at };
}

// ---------------------------------------------------------------------------------------------------------------------
// Imports

function parseDottedName(cursor: ScriptCursor): string {
  let name = expectName(cursor);
  while (accept(cursor, '.')) name = `${name}.${expectName(cursor)}`;
  return name;
}

function parseImport(cursor: ScriptCursor): Statement {
  const { start: at } = peek(cursor);
  cursor.position++;
  const names: ImportedName[] = [];
  do {
    const module = parseDottedName(cursor);
    const bound = accept(cursor, 'as') ? expectName(cursor) : null;
    names.push({ module, name: null, bound, isRelative: false });
  } while (accept(cursor, ','));
  return { kind: 'import', names, at };
}

function parseFromImport(cursor: ScriptCursor): Statement {
  const { start: at } = peek(cursor);
  cursor.position++;
  let isRelative = false;
  while (accept(cursor, '.') || accept(cursor, '...')) isRelative = true;
  const module = isAt(cursor, 'import') ? '' : parseDottedName(cursor);
  expect(cursor, 'import');
  if (accept(cursor, '*'))
    return { kind: 'import', names: [{ module, name: '*', bound: null, isRelative }], at };
  const isOpen = accept(cursor, '(');
  const names: ImportedName[] = [];
  do {
    if (isAt(cursor, ')')) break;
    const name = expectName(cursor);
    const bound = accept(cursor, 'as') ? expectName(cursor) : name;
    names.push({ module, name, bound, isRelative });
  } while (accept(cursor, ','));
  if (isOpen) expect(cursor, ')');
  return { kind: 'import', names, at };
}

// ---------------------------------------------------------------------------------------------------------------------
// Compound statements

function parseIf(cursor: ScriptCursor): Statement {
  const { start: at } = peek(cursor);
  const branches: { condition: Expression; body: readonly Statement[] }[] = [];
  do {
    cursor.position++;
    const condition = parseExpression(cursor);
    branches.push({ condition, body: parseBlock(cursor) });
  } while (isAt(cursor, 'elif'));
  return { kind: 'if', branches, otherwise: parseElse(cursor), at };
}

function parseElse(cursor: ScriptCursor): readonly Statement[] {
  return accept(cursor, 'else') ? parseBlock(cursor) : [];
}

function parseFor(cursor: ScriptCursor): Statement {
  const { start: at } = peek(cursor);
  cursor.position++;
  const target = parseTargets(cursor);
  expect(cursor, 'in');
  const source = parseExpressions(cursor);
  const body = parseBlock(cursor);
  return { kind: 'for', target, source, body, otherwise: parseElse(cursor), at };
}

function parseWhile(cursor: ScriptCursor): Statement {
  const { start: at } = peek(cursor);
  cursor.position++;
  parseExpression(cursor);
  const body = parseBlock(cursor);
  return { kind: 'while', body: [...body, ...parseElse(cursor)], at };
}

function parseTry(cursor: ScriptCursor): Statement {
  const { start: at } = peek(cursor);
  cursor.position++;
  const body = parseBlock(cursor);
  const handlers: Handler[] = [];
  while (accept(cursor, 'except')) handlers.push(parseHandler(cursor));
  const otherwise = parseElse(cursor);
  const last = accept(cursor, 'finally') ? parseBlock(cursor) : [];
  return { kind: 'try', body, handlers, otherwise, finally: last, at };
}

function parseHandler(cursor: ScriptCursor): Handler {
  if (isAt(cursor, ':')) return { exceptions: [], bound: null, body: parseBlock(cursor) };
  accept(cursor, '*');
  const caught = parseExpression(cursor);
  const bound = accept(cursor, 'as') || accept(cursor, ',') ? expectName(cursor) : null;
  const items = caught.kind === 'sequence' ? caught.items : [caught];
  const exceptions = items.map((item) =>
    item.kind === 'name' || item.kind === 'attribute' ? item.name : 'Exception',
  );
  return { exceptions, bound, body: parseBlock(cursor) };
}

function parseWith(cursor: ScriptCursor): Statement {
  const { start: at } = peek(cursor);
  cursor.position++;
  const items: { value: Expression; target: Expression | null }[] = [];
  do {
    const value = parseExpression(cursor);
    items.push({ value, target: accept(cursor, 'as') ? parseExpression(cursor) : null });
  } while (accept(cursor, ','));
  return { kind: 'with', items, body: parseBlock(cursor), at };
}

function parseDecorated(cursor: ScriptCursor): Statement {
  const { start: at } = peek(cursor);
  while (accept(cursor, '@')) {
    parseExpression(cursor);
    if (peek(cursor).kind === 'newline') cursor.position++;
  }
  if (isAt(cursor, 'class')) return parseClass(cursor);
  if (isAt(cursor, 'def')) return parseFunction(cursor, true);
  throw new ScriptError('a decorated function was expected', at);
}

function parseFunction(cursor: ScriptCursor, isDecorated: boolean): Statement {
  const { start: at } = peek(cursor);
  cursor.position++;
  const name = expectName(cursor);
  expect(cursor, '(');
  const parameters = parseParameters(cursor, ')');
  expect(cursor, ')');
  if (accept(cursor, '->')) parseExpression(cursor);
  const outer = cursor.notes;
  const notes: FunctionNotes = { isGenerator: false, globals: [] };
  cursor.notes = notes;
  const body = parseBlock(cursor);
  cursor.notes = outer;
  return { kind: 'function', name, parameters, body, isDecorated, ...notes, at };
}

function parseClass(cursor: ScriptCursor): Statement {
  const { start: at } = peek(cursor);
  cursor.position++;
  const name = expectName(cursor);
  const outer = cursor.notes;
  cursor.notes = { isGenerator: false, globals: [] };
  while (!isAt(cursor, ':')) {
    if (peek(cursor).kind === 'newline' || peek(cursor).kind === 'end')
      throw new ScriptError('a `:` was expected', at);
    cursor.position++;
  }
  parseBlock(cursor);
  cursor.notes = outer;
  return { kind: 'class', name, at };
}

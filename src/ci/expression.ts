/**
 * Expressions of GitHub's workflows as far as the files tell what they come to.
 *
 * Traps: an unknown before `||` leaves the whole unknown; texts are compared without regard to case; a name that a matrix does
 * not have is empty, one of another context is unknown.
 */
import { fillIn } from './yaml-values.ts';

/** undefined: only a run knows. */
export type Value = string | boolean | undefined;

/** What a name stands for. */
export type Names = (name: string) => Value;

const EXPRESSION = /\$\{\{\s*((?:[^}]|\}(?!\}))*?)\s*\}\}/g;

const TOKEN = /\s*(?:('(?:[^']|'')*')|(&&|\|\||==|!=|[!(),])|([\w.*-]+(?:\[\d+\])?)|(\S))/y;

/** What an expression comes to, without its `${{ }}`. */
export function evaluate(expression: string, names: Names): Value {
  const reader = new Reader(tokensOf(expression), names);
  const value = reader.either();
  return reader.isDone() ? value : undefined;
}

/** False where a condition cannot hold; true where it does or may. */
export function mayHold(condition: string, names: Names): boolean {
  const text = condition.trim().replace(/^\$\{\{(.*)\}\}$/s, '$1');
  const value = text === '' ? true : evaluate(text, names);
  return value === undefined || isTrue(value);
}

/** Text of a value, as it is put into a text around it. */
export function textOfValue(value: Value): string | undefined {
  return value === undefined ? undefined : String(value);
}

/** Text with its expressions filled in, as far as they are known. */
export function fillAll(text: string, names: Names): string {
  return fillIn(text, EXPRESSION, (expression) => textOfValue(evaluate(expression, names)));
}

function isTrue(value: string | boolean): boolean {
  return value !== false && value !== '';
}

function tokensOf(text: string): readonly string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text))
    tokens.push(match[0].trim());
  return tokens;
}

class Reader {
  readonly #tokens: readonly string[];
  readonly #names: Names;
  #at = 0;

  constructor(tokens: readonly string[], names: Names) {
    this.#tokens = tokens;
    this.#names = names;
  }

  isDone(): boolean {
    return this.#at >= this.#tokens.length;
  }

  either(): Value {
    let left = this.#both();
    while (this.#take('||')) {
      const right = this.#both();
      if (left !== undefined && !isTrue(left)) left = right;
    }
    return left;
  }

  #both(): Value {
    let left = this.#comparison();
    while (this.#take('&&')) {
      const right = this.#comparison();
      if (left === undefined) left = right !== undefined && !isTrue(right) ? false : undefined;
      else if (isTrue(left)) left = right;
    }
    return left;
  }

  #comparison(): Value {
    const left = this.#single();
    for (const operator of ['==', '!=']) {
      if (!this.#take(operator)) continue;
      const right = this.#single();
      if (left === undefined || right === undefined) return undefined;
      const isEqual = String(left).toLowerCase() === String(right).toLowerCase();
      return isEqual === (operator === '==');
    }
    return left;
  }

  #single(): Value {
    if (this.#take('!')) {
      const value = this.#single();
      return value === undefined ? undefined : !isTrue(value);
    }
    if (this.#take('(')) {
      const value = this.either();
      this.#take(')');
      return value;
    }
    const token = this.#tokens[this.#at] ?? '';
    this.#at += 1;
    if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
    if (token === 'true' || token === 'false') return token === 'true';
    if (/^\d/.test(token)) return token;
    return this.#take('(') ? this.#call(token.toLowerCase()) : this.#names(token);
  }

  #call(name: string): Value {
    const values: Value[] = [];
    while (!this.isDone() && !this.#take(')')) {
      values.push(this.either());
      this.#take(',');
    }
    const [text, part] = values.map((value) => textOfValue(value)?.toLowerCase());
    if (name === 'always' || name === 'success') return true;
    if (name === 'failure' || name === 'cancelled') return false;
    if (text === undefined || part === undefined) return undefined;
    if (name === 'contains') return text.includes(part);
    if (name === 'startswith') return text.startsWith(part);
    return name === 'endswith' ? text.endsWith(part) : undefined;
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at += 1;
    return true;
  }
}

/**
 * What targets of a Makefile run, one shell for each line of a recipe. Includes, patterns and functions are not followed.
 *
 * Traps: `$$` is the `$` of the shell; a variable that nobody sets is empty, but for those of the environment, which stay for
 * the shell; `-`, `@` and `+` before a command belong to make.
 */
import type { Heredoc } from './heredocs.ts';

/** What is asked of a Makefile: no target means the first. */
export interface MakeQuestion {
  readonly targets: readonly string[];
  readonly variables: ReadonlyMap<string, string>;
}

interface Rule {
  readonly needs: readonly string[];
  readonly recipe: readonly Heredoc[];
}

interface Makefile {
  readonly rules: ReadonlyMap<string, Rule>;
  readonly variables: ReadonlyMap<string, string>;
}

const mostTargets = 50;

/** The lines of the recipes in the order in which they run, and the variables that they see. */
export function readRecipes(
  file: Heredoc,
  question: MakeQuestion,
): { readonly parts: readonly Heredoc[]; readonly variables: ReadonlyMap<string, string> } {
  const { rules, variables } = parseMakefile(file, question.variables);
  const parts: Heredoc[] = [];
  const done = new Set<string>();
  const run = (target: string): void => {
    const rule = rules.get(target);
    if (rule === undefined || done.has(target) || done.size >= mostTargets) return;
    done.add(target);
    for (const need of rule.needs) run(need);
    const own = new Map([...variables, ['@', target], ['<', rule.needs[0] ?? '']]);
    for (const { text, line } of rule.recipe) parts.push({ text: expand(text, own), line });
  };
  const first = [...rules.keys()].find((name) => !/^\.|%/.test(name));
  const targets = question.targets.length > 0 ? question.targets : [first ?? ''];
  for (const target of targets) run(target);
  return { parts, variables };
}

function parseMakefile(file: Heredoc, given: ReadonlyMap<string, string>): Makefile {
  const rules = new Map<string, Rule>();
  const variables = new Map(given);
  const conditions = new Conditions();
  let current: readonly string[] = [];
  const add = (recipe: Heredoc, needs: readonly string[] = []): void => {
    for (const name of current) {
      const before = rules.get(name) ?? { needs: [], recipe: [] };
      const more = recipe.text.trim() === '' ? [] : [recipe];
      rules.set(name, {
        needs: [...before.needs, ...needs],
        recipe: [...before.recipe, ...more],
      });
    }
  };
  for (const { text, line } of logicalLines(file)) {
    if (conditions.read(text.trim(), variables) || !conditions.hold) continue;
    if (text.startsWith('\t')) {
      add({ text: text.replace(/^[\s@+-]+/, ''), line });
      continue;
    }
    const plain = text.replace(/(?:^|\s)#.*$/s, '').trim();
    const assignment = /^(?:export\s+|override\s+)*([\w.-]+)\s*(::?=|\?=|\+=|=)\s*(.*)$/s.exec(
      plain,
    );
    const rule = /^([^:=]+?)\s*::?(?!=)\s*([^;=]*)(?:;(.*))?$/s.exec(plain);
    if (assignment !== null) setVariable(variables, given, assignment);
    else if (rule !== null) {
      const wordsOf = (part = ''): readonly string[] =>
        expand(part, variables)
          .split(/\s+/)
          .filter((word) => word !== '' && word !== '|');
      current = wordsOf(rule[1]);
      add({ text: (rule[3] ?? '').trim(), line }, wordsOf(rule[2]));
    } else if (plain !== '') current = [];
  }
  return { rules, variables };
}

function setVariable(
  variables: Map<string, string>,
  given: ReadonlyMap<string, string>,
  [, name = '', operator, written = '']: RegExpExecArray,
): void {
  const before = variables.get(name);
  // What the command line says is stronger than the file.
  if (given.has(name) || (operator === '?=' && before !== undefined)) return;
  const value = expand(written, variables);
  variables.set(name, operator === '+=' ? `${before ?? ''} ${value}`.trim() : value);
}

function logicalLines({ text, line }: Heredoc): readonly Heredoc[] {
  const lines = text.split(/\r\n|\n/);
  const joined: Heredoc[] = [];
  for (let at = 0; at < lines.length; at++) {
    const start = at;
    let whole = lines[at] ?? '';
    while (whole.endsWith('\\') && at + 1 < lines.length) whole += `\n${lines[++at] ?? ''}`;
    joined.push({ text: whole, line: line + start });
  }
  return joined;
}

/** `$(NAME)` and `${NAME}`; one that is not set is left to the shell, `$$` becomes its `$`. */
function expand(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replaceAll(
    /\$\$|\$[({]([\w.-]+)[)}]|\$([@<])/g,
    (whole: string, name: string | undefined, automatic: string | undefined) => {
      if (whole === '$$') return '$';
      if (name === 'MAKE') return 'make';
      return variables.get(name ?? automatic ?? '') ?? `\${${name ?? ''}}`;
    },
  );
}

/** `ifeq`, `ifneq`, `ifdef`, `ifndef`, `else` and `endif`. */
class Conditions {
  readonly #open: boolean[] = [];

  get hold(): boolean {
    return !this.#open.includes(false);
  }

  /** True for a line that is a part of a condition. */
  read(line: string, variables: ReadonlyMap<string, string>): boolean {
    const [word = '', ...others] = line.split(/[\s(]+/, 2);
    if (word === 'endif') this.#open.pop();
    else if (word === 'else') this.#open.push(!(this.#open.pop() ?? false));
    else if (word === 'ifdef' || word === 'ifndef')
      this.#open.push(((variables.get(others[0] ?? '') ?? '') !== '') === (word === 'ifdef'));
    else if (word === 'ifeq' || word === 'ifneq') {
      const [, left = '', right = ''] =
        /^\w+\s*\(?["']?(.*?)["']?\s*(?:,|["']\s+["'])\s*["']?(.*?)["']?\)?$/.exec(line) ?? [];
      const valueOf = (text: string): string => expand(text, variables).replace(/^\$\{\w+\}$/, '');
      this.#open.push((valueOf(left) === valueOf(right)) === (word === 'ifeq'));
    } else return false;
    return true;
  }
}

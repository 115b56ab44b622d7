/** Words in sources that name a distribution, though they may mean anything. */

import type { PythonToken } from '../imports/python-tokens.ts';
import type { FeatureUse, Place } from './feature-needs.ts';
import type { EvidenceQuestion, Mention } from './source-evidence.ts';

/** The first word for each name that code, a comment or a string holds. */
export function mentionsInTokens(
  tokens: readonly PythonToken[],
  questions: readonly EvidenceQuestion[],
  path: string,
): readonly Mention[] {
  const mentions: Mention[] = [];
  for (const { name, words } of questions) {
    for (const word of words) {
      const pattern = wordPattern(word);
      const token = tokens.find(({ kind, value }) =>
        kind === 'comment' || kind === 'string' ? pattern.test(value) : value === word,
      );
      if (token === undefined) continue;
      mentions.push({ name, word, path, line: token.line });
      break;
    }
  }
  return mentions;
}

/**
 * Strings that are no mere mention: the path of a class (`"toolbar.panels.Panel"`), a path in a module whose name is no
 * common word, a module after `-m`, the path of a program, or the group that a plugin is loaded by. Not keys, nor names of loggers.
 */
export function namedInStrings(
  tokens: readonly PythonToken[],
  questions: readonly EvidenceQuestion[],
  at: Place,
): readonly FeatureUse[] {
  const found: FeatureUse[] = [];
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'string' || tokens[index + 1]?.value === ':') continue;
    if (tokens[index - 2]?.value === 'getLogger') continue;
    for (const { name, modules = [], groups = [], scripts = [] } of questions) {
      if (groups.includes(token.value))
        found.push({ name, note: `loads the plugins of ${token.value}`, ...at(token.line) });
      else if (modules.some((module) => isPathIn(module, token.value)))
        found.push({ name, note: `names ${token.value}`, ...at(token.line) });
      else if (
        modules.includes(token.value) &&
        tokens[index - 1]?.value === ',' &&
        isSwitch(tokens[index - 2])
      )
        found.push({ name, note: `runs ${token.value}`, ...at(token.line) });
      else if (scripts.some((script) => isProgramPath(script, token.value)))
        found.push({ name, note: `runs ${token.value.split(/\s/, 1)[0]}`, ...at(token.line) });
    }
  }
  return found;
}

/** The `"-m"` of `sys.executable, "-m", "module"`, in whatever list or call that is. */
function isSwitch(token: PythonToken | undefined): boolean {
  return token?.kind === 'string' && token.value === '-m';
}

/** `/opt/tool/venv/bin/program -q`. */
function isProgramPath(script: string, text: string): boolean {
  const [path = ''] = text.split(/\s/, 1);
  return path.endsWith(`/bin/${script}`);
}

function isPathIn(module: string, text: string): boolean {
  if (!text.startsWith(`${module}.`)) return false;
  const path = text.split(':', 1)[0] ?? text;
  if (!/^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$/.test(path)) return false;
  // `requests.count` may be a metric; `requests.Session` is none.
  return /[_.]/.test(module) || /\.[A-Z]\w*$/.test(path);
}

/** A word by itself, not as a part of another. */
export function wordPattern(word: string): RegExp {
  return new RegExp(`(?<![\\w-])${word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w-])`);
}

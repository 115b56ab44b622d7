/** Words in sources that name a distribution, though they may mean anything. */

import type { PythonToken } from '../imports/python-tokens.ts';
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

/** A word by itself, not as a part of another. */
export function wordPattern(word: string): RegExp {
  return new RegExp(`(?<![\\w-])${word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w-])`);
}

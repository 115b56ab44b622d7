import type { PlaceKind } from './place.ts';
import { signAt } from './place.ts';

/** Functions of the first generation, where a command says so: without a word it depends on the version of gcloud. */
export const cloudFunctions: PlaceKind = {
  matches: /(?:\.(?:sh|bash|ya?ml|mk)|(?:^|\/)(?:Makefile|Justfile|justfile))$/,
  mentions: '--no-gen2',
  find({ lines }) {
    const sign = signAt('gcf-gen1', lines, /\bgcloud\b.*\bfunctions\s+deploy\b/);
    if (sign === null) return null;
    const command = lines.slice(sign.line - 1, sign.line + 14).join('\n');
    return /--no-gen2\b/.test(command) && /python3/.test(command) ? sign : null;
  },
};

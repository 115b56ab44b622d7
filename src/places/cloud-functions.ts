import type { PlaceKind } from './place.ts';
import { pythonOf, usualRuntime } from './place.ts';

/** Functions of the first generation, where a command says so: without a word it depends on the version of gcloud. */
export const cloudFunctions: PlaceKind = {
  matches: /(?:\.(?:sh|bash|ya?ml|mk)|(?:^|\/)(?:Makefile|Justfile|justfile))$/,
  mentions: '--no-gen2',
  find({ lines }) {
    return lines.flatMap((text, index) => {
      if (/^\s*#/.test(text) || !/\bgcloud\b.*\bfunctions\s+deploy\b/.test(text)) return [];
      const command = commandAt(lines, index);
      const runtime = /--runtime[=\s]+["']?(python3\d*)/.exec(command)?.[1];
      if (!/--no-gen2\b/.test(command) || runtime === undefined) return [];
      return [{ preset: 'gcf-gen1', line: index + 1, runtime: usualRuntime(pythonOf(runtime)) }];
    });
  },
};

/** A command with the lines that go on with it. */
function commandAt(lines: readonly string[], start: number): string {
  const rest = lines.slice(start, start + 30);
  const last = rest.findIndex((text) => !/\\\s*$/.test(text));
  return rest.slice(0, last < 0 ? undefined : last + 1).join('\n');
}

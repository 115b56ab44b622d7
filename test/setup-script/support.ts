import { createBuildEnvironment } from '../../src/setup-script/build-environment.ts';
import { readSetupScript, type SetupScript } from '../../src/setup-script/setup-script.ts';

/** What lies beside the script: texts, or null for a file whose text is not known. */
export type Neighbours = Readonly<Record<string, string | null>>;

/** Reads a script in a clean build environment. */
export function readScript(
  text: string,
  neighbours: Neighbours = {},
  buildRequires: readonly string[] = [],
): SetupScript {
  const find = (path: string): string | null | undefined =>
    Object.hasOwn(neighbours, path) ? neighbours[path] : undefined;
  return readSetupScript(
    text,
    createBuildEnvironment({
      read(path) {
        const content = find(path);
        if (content === undefined) return 'missing';
        return content === null ? 'unread' : { text: content };
      },
      exists: (path) => find(path) !== undefined,
      perhaps: new Set(Object.keys(neighbours).map((path) => path.replace(/(?:\.py|\/.*)$/, ''))),
      buildRequires,
    }),
  );
}

/** `a`, `b ; marker`, `[extra] c`, and `...` for what is computed. */
export function shownSets({ sets, extrasComputedAt, problem }: SetupScript): readonly string[] {
  if (problem !== null) return [`problem: ${problem}`];
  const shown = sets.flatMap(({ extra, lines, computedAt }) => {
    const prefix = extra === null ? '' : `[${extra}] `;
    return [
      ...lines.map(
        ({ text, marker }) => `${prefix}${text}${marker === null ? '' : ` ; ${marker}`}`,
      ),
      ...(computedAt === null ? [] : [`${prefix}...`]),
    ];
  });
  return extrasComputedAt === null ? shown : [...shown, '[...]'];
}

/** The sets of a script that ends in `setup(install_requires=required, extras_require=extras)` or as it says itself. */
export function setsOf(
  body: string,
  neighbours: Neighbours = {},
  buildRequires: readonly string[] = [],
): readonly string[] {
  const text = body.includes('setup(')
    ? body
    : `from setuptools import setup\nimport sys, os, io\n${body}\nsetup(name='m', install_requires=required)\n`;
  return shownSets(readScript(text, neighbours, buildRequires));
}

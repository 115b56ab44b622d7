import { describe, expect, test } from 'vitest';
import { report as markdown } from '../../src/report/diff-markdown.ts';
import { report } from '../../src/report/diff.ts';
import { escapeMarkdown } from '../../src/report/markdown-text.ts';
import type { RenderOptions } from '../../src/report/report.ts';
import type { DiffDocument, DiffProject } from '../../src/types.ts';
import { createDiff } from './diff-document.ts';
import { createDocument, createFinding } from './documents.ts';

const options: RenderOptions = {
  width: 80,
  color: false,
  units: 'si',
  all: false,
  bytecode: false,
  weights: true,
};

const table = (document: DiffDocument, more: Partial<RenderOptions> = {}): string =>
  report.render(document, { ...options, ...more });
const comment = (document: DiffDocument, more: Partial<RenderOptions> = {}): string =>
  markdown.render(document, { ...options, ...more });

const lighter = createDiff(
  {
    packages: `
      web 1.0 4000000 1000000
      tensors 2.1 1400000000 700000000
      blobs 12.1 600000000 300000000 < tensors
      arrays 1.24.3 60000000 20000000`,
    parts: {
      findings: [createFinding({ packages: ['tensors'], message: 'tensors is used nowhere' })],
    },
  },
  {
    packages: `
      web 1.0 4000000 1000000
      frames 2.0 40000000 10000000
      zones 1.0 900000 300000 < frames
      arrays 1.26.0 61100000 20000000`,
    parts: {
      findings: [
        createFinding({
          packages: ['frames'],
          message: 'frames is used nowhere',
          locations: [{ path: 'requirements.txt', line: 7, column: 1 }],
        }),
      ],
    },
  },
);

/** A project of several from a document of one. */
function projectOf(path: string, document: DiffDocument): DiffProject {
  const { schemaVersion: _1, tool: _2, command: _3, ref: _4, projects: _5, ...parts } = document;
  return { path, ...parts };
}

describe('the table', () => {
  test('has the sums, what comes, goes and changes, and findings', () => {
    expect(table(lighter)).toMatchInlineSnapshot(`
      "orchard  requirements.txt  since main (0123456789)
        for Python 3.11 · Linux x86_64 · glibc 2.28

                    before     now  difference
        installed  2.06 GB  106 MB    −1.96 GB  −95 %
        download   1.02 GB   31 MB     −990 MB
        packages         4       4           0

      ADDED    2 packages, 41 MB
        frames 2.0      40 MB
        zones 1.0      900 kB  frames

      REMOVED  2 packages, 2.00 GB
        tensors 2.1    1.40 GB
        blobs 12.1      600 MB  tensors

      CHANGED  1 package, +1.1 MB
        arrays 1.24.3 → 1.26.0      60 MB → 61 MB        +1.1 MB

      NEW  findings that main has not
        unused  frames is used nowhere (requirements.txt:7)

      SOLVED  findings of main
        unused  tensors is used nowhere
      "
    `);
  });

  test('tells each finding to its end', () => {
    const message = `${'this and that '.repeat(25)}at the end`;
    const findings = [createFinding({ packages: ['web'], message })];
    const packages = 'web 1.0 4000000 1000000';
    const document = createDiff({ packages }, { packages, parts: { findings } });
    expect(table(document).replace(/\s+/g, ' ')).toContain(message);
    expect(table(document)).not.toContain('…');
  });

  test('of nothing that changed says so', () => {
    const rows = { packages: 'web 1.0 4000000 1000000' };
    expect(table(createDiff(rows, rows))).toContain('✓ the same packages in the same versions');
  });

  test('of what is unknown has bounds, never 0, and says what they mean', () => {
    const known = 'web 1.0 4000000 1000000';
    const unknown = `${known}\nsource 1.0 ? ?`;
    const text = table(createDiff({ packages: known }, { packages: unknown }));
    expect(text).toMatch(/installed +4\.0 MB +≥ 4\.0 MB +≥ 0 B\n/);
    expect(text).toContain('≥: or more, as a size that came is not known.');
    const less = table(createDiff({ packages: unknown }, { packages: known }));
    expect(less).toMatch(/≤ 0 B\n/);
    const both = table(
      createDiff({ packages: unknown }, { packages: `${known}\nsource 2.0 ? ?\nx 1.0 5 5` }),
    );
    expect(both).toMatch(/~ \+5 B\n/);
    expect(both).toContain('~: more or less');
    expect(both).toContain('source 1.0 → 2.0');
  });

  test('is at most as wide as the page, whatever the names are', () => {
    const name = 'n'.repeat(90);
    const side = (version: string): { readonly packages: string } => ({
      packages: `${name} ${version} 5 5\n${name}-${version} 1.0 5 5`,
    });
    const ref = { name: 'r'.repeat(60), commit: 'a'.repeat(40), mergeBase: true };
    const document = createDiff(side('1.0'), side('2.0'), { ref });
    for (const line of table(document).split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('leaves out more than ten of a kind, unless all are asked for', () => {
    const packages = Array.from({ length: 14 }, (_, at) => `p${at} 1.0 ${at + 1}000 1`).join('\n');
    const document = createDiff({ packages: '' }, { packages });
    expect(table(document)).toContain('… and 4 more packages, 10 kB (--all lists them)');
    expect(table(document, { all: true })).toContain('p0 1.0');
  });

  test('of a side without a solution says why', () => {
    const { difference: _, ...rest } = lighter;
    const error = { message: 'at main: no version of numpy fits', requirements: [] };
    expect(table({ ...rest, error })).toContain('✗ at main: no version of numpy fits');
  });

  test('of a document of something else has its title', () => {
    expect(report.render(createDocument(), options)).toContain('orchard');
    expect(markdown.render(createDocument(), options)).toBe('');
  });

  test('of several projects has a line for each, and sections of those that changed', () => {
    const rows = { packages: 'web 1.0 4000000 1000000' };
    const same = createDiff(rows, rows);
    const gone = createDiff(rows, { packages: '' }, { presence: 'gone' });
    const { difference: _, ...failed } = createDiff(rows, rows);
    const projects = [
      projectOf('services/api', lighter),
      ...Array.from({ length: 6 }, (_, at) => projectOf(`same${at}`, same)),
      projectOf('old', gone),
      {
        ...projectOf('broken', lighter),
        ...failed,
        difference: undefined as never,
        path: 'broken',
        error: { message: 'at main: none fits', requirements: [] },
      },
    ];
    const text = table({ ...lighter, projects });
    expect(text).toMatch(/^9 projects {2}since main \(0123456789\)\n/);
    expect(text).toMatch(/\n {2}services\/api {2}2\.06 GB +106 MB +−1\.96 GB\n/);
    expect(text).toMatch(/\n {2}old +4\.0 MB +– +−4\.0 MB\n/);
    expect(text).toMatch(/\n {2}broken +\? +\? +\?\n/);
    expect(text).toContain('… and 2 projects more without a change (--all lists them)');
    expect(text).toContain('\nservices/api  for Python 3.11');
    expect(text).toContain('  ✗ at main: none fits');
    expect(text).not.toContain('\nsame0  for');
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    const list = comment({ ...lighter, projects });
    expect(list).toContain('### depweight: 9 projects, 3 changed');
    expect(list).toContain('#### services/api: 106 MB installed');
    expect(list).toContain('#### broken: no weights');
  });
});

describe('the comment for a pull request', () => {
  test('is found again by its first line, and has a table of what moved most', () => {
    expect(comment(lighter)).toMatchInlineSnapshot(`
      "<!-- depweight diff -->
      ### depweight: 106 MB installed (**−1.96 GB**, −95 %), 4 packages

      | package | version | before | now | difference | because of |
      | :-- | :-- | --: | --: | --: | :-- |
      | tensors | 2.1 | 1.40 GB | – | −1.40 GB |  |
      | blobs | 12.1 | 600 MB | – | −600 MB | tensors |
      | frames | 2.0 | – | 40 MB | +40 MB |  |
      | arrays | 1.24.3 → 1.26.0 | 60 MB | 61 MB | +1.1 MB |  |
      | zones | 1.0 | – | 900 kB | +900 kB | frames |
      | **installed** |  | 2.06 GB | 106 MB | **−1.96 GB** (−95 %) |  |
      | download |  | 1.02 GB | 31 MB | −990 MB |  |

      **New findings**

      - \`unused\`: frames is used nowhere (requirements.txt:7)

      **Solved findings**

      - \`unused\`: tensors is used nowhere

      Both sides for Python 3.11 · Linux x86\\_64 · glibc 2.28.

      <sub>since main (0123456789) · depweight 0.1.0</sub>
      "
    `);
  });

  test('counts what it leaves out', () => {
    const packages = Array.from({ length: 20 }, (_, at) => `p${at} 1.0 ${at + 1}000 1`).join('\n');
    const document = createDiff({ packages: '' }, { packages });
    expect(comment(document)).toContain('| *5 more packages* |  |  |  | +15 kB |  |');
    expect(comment(document, { all: true })).not.toContain('more packages');
  });

  test('of nothing that changed is short, and of another target says which', () => {
    const rows = { packages: 'web 1.0 4000000 1000000' };
    const { target } = lighter;
    const targetBefore = { ...target, python: '3.10', from: 'Dockerfile:1' };
    const text = comment(createDiff(rows, rows, { targetBefore }));
    expect(text).toContain('### depweight: 4.0 MB installed (unchanged), 1 package\n');
    expect(text).toContain('The same packages in the same versions.');
    expect(text).toContain(
      'before, the target was Python 3.10 · Linux x86\\_64 · glibc 2.28 (Dockerfile:1)',
    );
  });

  test('mentions nobody and breaks out of nothing', () => {
    const message =
      'a | b `c` @octocat see #12 <img src=x onerror=1> [x](javascript:1) https://a.test';
    const findings = [createFinding({ message })];
    const document = createDiff({ packages: '' }, { packages: '', parts: { findings } });
    const line = comment(document)
      .split('\n')
      .find((text) => text.startsWith('- `unused`'));
    expect(line).toBe(
      '- `unused`: a \\| b \\`c\\` @&#8203;octocat see #&#8203;12 &lt;img src=x onerror=1&gt; \\[x\\](javascript:1) https:&#8203;//a.test',
    );
    expect(escapeMarkdown('plain-name 1.0+cpu')).toBe('plain-name 1.0+cpu');
  });
});

import { describe, expect, test } from 'vitest';
import type { RenderOptions } from '../../src/report/report.ts';
import { report } from '../../src/report/terminal.ts';
import { displayWidth } from '../../src/report/text-width.ts';
import type { Finding } from '../../src/types.ts';
import {
  attribute,
  createDeclared,
  createDocument,
  createFinding,
  parsePackages,
} from './documents.ts';

const plain: RenderOptions = {
  width: 80,
  color: false,
  units: 'si',
  all: false,
  bytecode: false,
  weights: true,
};

const packages = attribute(
  parsePackages(
    ['genai 0.8 100000000 1', 'whisper 1 200000000 1', 'torch 2.1 1 1 < whisper'].join('\n'),
  ),
  ['genai', 'whisper'],
);
const declared = [createDeclared({ name: 'genai' }), createDeclared({ name: 'whisper' })];

function lighter(name: string, given: Partial<Finding> = {}): Finding {
  return createFinding({
    rule: 'alternative',
    packages: [name],
    leaves: [],
    severity: 'info',
    confidence: 'possible',
    message: `${name} could be another, with other code: another API`,
    locations: [{ path: 'requirements.txt', line: 7, column: 1 }],
    savedInstalledBytes: 80_000_000,
    ...given,
  });
}

function sectionOf(findings: readonly Finding[], options: Partial<RenderOptions> = {}): string {
  const document = createDocument({ packages, declared, findings });
  const text = report.render(document, { ...plain, ...options });
  const [, section = ''] = /(LIGHTER[\s\S]*?)\n\n/.exec(text) ?? [];
  return section;
}

describe('LIGHTER', () => {
  test('says what would be freed, where the line stands, and what it asks for', () => {
    expect(sectionOf([lighter('genai')])).toBe(
      [
        'LIGHTER what would do for less',
        '  genai       0.8    requirements.txt:7  −80 MB',
        '    genai could be another, with other code: another API',
      ].join('\n'),
    );
  });

  test('names the build itself where only others bring it, and a lower bound', () => {
    const build = lighter('whisper', {
      rule: 'accelerator-build',
      message: 'torch is the build for CUDA',
      remedy: { kind: 'index', text: 'take it from elsewhere' },
    });
    expect(sectionOf([build])).toContain(
      '  torch       2.1    requirements.txt:7  at least −80 MB',
    );
  });

  test('has the largest three; the rest is counted, and --all lists it', () => {
    const findings = [1, 2, 3, 4].map((n) =>
      lighter('genai', { message: `way ${n}`, savedInstalledBytes: n * 20_000_000 }),
    );
    const section = sectionOf(findings);
    expect(section).toMatch(/way 4[\s\S]*way 3[\s\S]*way 2/);
    expect(section).not.toContain('way 1');
    expect(section).toContain('1 more');
    expect(sectionOf(findings, { all: true })).toContain('way 1');
  });

  test('leaves what is less than 2 % to the notes', () => {
    const text = report.render(
      createDocument({
        packages,
        declared,
        findings: [lighter('genai', { savedInstalledBytes: 1 })],
      }),
      { ...plain, all: true },
    );
    expect(text).not.toContain('LIGHTER');
    expect(text).toContain('genai could be another');
  });

  test.each([60, 72, 100])('keeps within %d columns', (width) => {
    const long = lighter('genai', { message: 'word '.repeat(60).trim() });
    for (const line of sectionOf([long], { width }).split('\n'))
      expect(displayWidth(line)).toBeLessThanOrEqual(width);
  });
});

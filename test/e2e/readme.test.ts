import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { adviceRules } from '../../src/advice/index.ts';
import { createProgram } from '../../src/commands/program.ts';
import { EXIT_CODES } from '../../src/exit-code.ts';
import { inputFormats } from '../../src/inputs/index.ts';
import { listFiles, PROJECT, readProjectFile } from '../project/support.ts';

const README = readProjectFile('README.md');
const SHELL_BLOCKS = [...README.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, text = '']) =>
  text.trim().split('\n'),
);
const program: Command = createProgram(() => {});
const isPlanned = (command: Command): boolean => command.description().includes('not built yet');

/** The visible long flags of a command, which gets them when it is called. */
function flagsOf(name: string): readonly string[] {
  const called = createProgram(() => {});
  for (const command of [called, ...called.commands]) {
    command.exitOverride().configureOutput({ writeOut() {}, writeErr() {} });
  }
  expect(() => called.parse([name, '--help'], { from: 'user' })).toThrow('outputHelp');
  const { options = [] } = called.commands.find((command) => command.name() === name) ?? {};
  return options.filter(({ hidden }) => !hidden).map(({ long }) => long ?? '');
}

/** The text below a heading, up to the next one of its level or above. */
function section(heading: string): string {
  const level = /^#+/.exec(heading)?.[0] ?? '';
  const from = README.split(`${heading}\n`)[1] ?? '';
  return from.split(new RegExp(`^#{1,${level.length}} `, 'm'))[0] ?? '';
}

describe('the first commands of the README', () => {
  test('set up and do the main job', () => {
    expect(SHELL_BLOCKS[0]).toEqual(['npm ci', 'node bin/depweight.js audit examples/trackmaster']);
  });

  test('then run the tests', () => {
    expect(SHELL_BLOCKS[1]).toEqual(['npm test']);
  });

  test('name files that are there', () => {
    for (const path of ['bin/depweight.js', 'examples/trackmaster/requirements.txt']) {
      expect(existsSync(join(PROJECT, path)), path).toBe(true);
    }
  });
});

describe('the output in the README', () => {
  const output = /<!-- OUTPUT -->\n```text\n([^]*?)```/.exec(README)?.[1] ?? '';

  test('is there, and fits 80 columns', () => {
    expect(output.split('\n').length).toBeGreaterThan(10);
    for (const line of output.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  });

  test('points at the lines of the example', () => {
    const lines = readProjectFile('examples/trackmaster/requirements.txt').split('\n');
    const places = [...output.matchAll(/^ {2}(\S+) +(\S+) +requirements\.txt:(\d+)/gm)];
    expect(places.length).toBeGreaterThan(0);
    for (const [, name = '', version = '', line = ''] of places) {
      expect(lines[Number(line) - 1]).toBe(`${name}==${version}`);
    }
  });
});

describe('the tables of the README', () => {
  test.each(program.commands.filter((command) => !isPlanned(command)).map((one) => one.name()))(
    'list the command %s',
    (name) => {
      expect(section('## Commands')).toContain(`| \`depweight ${name} `);
    },
  );

  test.each(program.commands.filter(isPlanned).map((command) => command.name()))(
    'say that %s is not built',
    (name) => {
      expect(section('## Not built yet')).toContain(`\`${name}\``);
      expect(section('## Commands')).not.toContain(`depweight ${name}`);
    },
  );

  const flags = program.commands.flatMap((command) => flagsOf(command.name()));
  test.each([...new Set(flags)].filter((flag) => flag !== '--help'))('list %s', (flag) => {
    expect(`${section('## Commands')}`).toMatch(new RegExp(`\`[^\`]*${flag}(?![a-z-])`));
  });

  test('list no flag that does not exist', () => {
    const named = [...section('### Options').matchAll(/(?<![\w-])--[a-z][a-z-]+/g)];
    expect(named.map(([flag]) => flag).filter((flag) => !flags.includes(flag))).toEqual([]);
  });

  test.each(adviceRules.map((rule) => [rule.code, rule.rule]))('list the rule %s', (code, rule) => {
    expect(section('### Rules')).toContain(`| ${code} | \`${rule}\` |`);
  });

  test.each(Object.values(EXIT_CODES))('list the exit code %d', (code) => {
    expect(section('### Exit codes')).toMatch(new RegExp(`^\\| ${code} \\|`, 'm'));
  });

  const { dependencies } = JSON.parse(readProjectFile('package.json')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  test.each(Object.keys(dependencies))('give the reason for %s', (name) => {
    expect(section('## What it is made of')).toContain(`| ${name} |`);
  });

  test.each(inputFormats.map(({ name }) => name))('name the input format %s', (name) => {
    const words = name.replace(/-txt$/, '').split('-');
    expect(section('## Commands').toLowerCase()).toMatch(new RegExp(words.join('[-. ]?')));
  });
});

describe('the links of the documents', () => {
  const documents = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'];
  test.each(documents)('lead from %s to files that are there', (document) => {
    const links = [...readProjectFile(document).matchAll(/\]\((?!https?:)([^)#]+)/g)];
    for (const [, path = ''] of links) expect(existsSync(join(PROJECT, path)), path).toBe(true);
  });

  test('name test files and scripts that are there', () => {
    const files = new Set(listFiles(''));
    const named = [...readProjectFile('CONTRIBUTING.md').matchAll(/`(test\/[\w/-]+\.test\.ts)`/g)];
    expect(named.length).toBeGreaterThan(0);
    for (const [, path = ''] of named) {
      if (!path.includes('NAME')) expect(files.has(path), path).toBe(true);
    }
  });
});

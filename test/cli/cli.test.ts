import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { run, type CliProcess, type Runners } from '../../src/cli.ts';
import type { CommandContext, CommandResult } from '../../src/commands/command.ts';
import { DepweightError } from '../../src/errors.ts';
import { COMMANDS, type Options } from '../../src/options.ts';
import { createDocument, createFinding } from '../report/documents.ts';
import { createTrackmaster } from '../report/trackmaster.ts';

interface Output {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

type Answer = (options: Options, context: CommandContext) => Promise<CommandResult> | CommandResult;

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'depweight-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A stream that keeps what is written to it, and may fail as a disk or a pipe does. */
function createSink(failure?: string): Writable & { text(): string } {
  const chunks: string[] = [];
  const sink = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk));
      done(failure === undefined ? null : Object.assign(new Error(failure), { code: failure }));
    },
  });
  return Object.assign(sink, { text: () => chunks.join('') });
}

/** Runs a command line whose `audit` answers with `answer`. */
async function call(
  words: string,
  answer?: Answer,
  interruptAfterMs?: number,
  failure?: string,
): Promise<Output> {
  const listeners: (() => void)[] = [];
  const [stdout, stderr] = [createSink(failure), createSink()];
  const host = {
    argv: ['node', 'depweight', ...words.split(' ').filter((word) => word !== '')],
    env: {},
    stdout,
    stderr,
    cwd: () => folder,
    on: (_event: 'SIGINT', listener: () => void) => listeners.push(listener),
    off: () => listeners.splice(0),
  };
  const load: Runners['audit'] = () =>
    Promise.resolve({
      run: async (options: Options, context: CommandContext) =>
        answer?.(options, context) ?? { document: createDocument() },
    });
  const runners: Runners = {
    audit: load,
    scan: load,
  };
  if (interruptAfterMs !== undefined) {
    setTimeout(() => {
      for (const listener of listeners) listener();
    }, interruptAfterMs);
  }
  // A Writable has all of a WriteStream that run() touches.
  const code = await run(host as unknown as CliProcess, runners);
  return { code, out: stdout.text(), error: stderr.text() };
}

describe('help and version', () => {
  test('--version is the version alone, on stdout', async () => {
    expect(await call('--version')).toMatchObject({ code: 0, error: '' });
    expect((await call('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test('--help names every command', async () => {
    const { code, out } = await call('--help');
    expect(code).toBe(0);
    for (const command of COMMANDS) expect(out).toContain(`  ${command} `);
  });

  test.each(COMMANDS)('%s --help is written to stdout and ends with 0', async (command) => {
    const { code, out, error } = await call(`${command} --help`);
    expect({ code, error }).toEqual({ code: 0, error: '' });
    expect(out).toContain(`depweight ${command}`);
  });

  test('audit --help has examples and every shared option of the contract', async () => {
    const { out } = await call('audit --help');
    expect(out).toContain('Examples:');
    const options =
      '--python --platform --extra --all-extras --group --env --constraint --override --index-url --extra-index-url --find-links --pre --no-binary --only-binary --exclude-newer --offline --refresh --no-cache --cache-dir --isolated --format --json --output --all --units --bytecode --quiet --verbose --no-progress --color --strict --fail-on --allow-outside --cert --timings';
    for (const option of options.split(' ')) expect(out).toContain(option);
  });

  test('--timings promises what it prints', async () => {
    const { out } = await call('audit --help');
    expect(out.replaceAll(/\s+/g, ' ')).toContain(
      'say how long the run took and what it asked of the network',
    );
  });

  test('no command at all shows the help on stderr and is a wrong call', async () => {
    const { code, out, error } = await call('');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(error).toContain('Usage: depweight');
  });
});

describe('wrong calls', () => {
  test.each([
    ['adit', "unknown command 'adit'", 'did you mean audit?'],
    ['audit --pyton 3.12', "unknown option '--pyton'", 'did you mean --python?'],
    ['audit --python', 'argument missing', ''],
    ['audit a b', 'too many arguments', ''],
    ['why', "missing required argument 'package'", ''],
    ['audit --units imperial', 'one of si, iec', ''],
    ['cache empty', 'one of dir, info, prune, clear', ''],
    ['audit --index-url notaurl', "--index-url 'notaurl' is not an http, https or file URL", ''],
    ['diff', "missing required argument 'ref'", ''],
    ['audit --format md', 'the format markdown for `depweight audit`', ''],
    ['tree --fail-on unused', 'tree judges nothing', '`depweight audit --fail-on RULES`'],
  ])('%j says %j and exits 2', async (words, message, hint) => {
    const { code, out, error } = await call(words);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(error).toMatch(/^error {2}/);
    expect(error).toContain(message);
    expect(error).toContain(hint);
  });

  test.each(['report x.json'])(
    '%j is not built yet, says so and says what to do meanwhile',
    async (words) => {
      const { code, out, error } = await call(words);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(error).toContain('is not built yet');
      expect(error).toContain('hint');
    },
  );
});

describe('flags', () => {
  test('reach the command by their long names', async () => {
    let seen: Options | undefined;
    await call(
      'audit req.txt --python 3.12 --platform linux --extra a --extra b,c -c c.txt --no-cache --no-binary numpy --index-url https://index.test --json -v --isolated',
      (options) => {
        seen = options;
        return { document: createDocument() };
      },
    );
    expect(seen).toMatchObject({
      path: 'req.txt',
      python: '3.12',
      platform: 'linux',
      selection: { extras: ['a', 'b', 'c'], constraints: ['c.txt'] },
      cache: { enabled: false },
      index: { noBinary: ['numpy'], indexUrl: 'https://index.test' },
      format: 'json',
      verbose: true,
      isolated: true,
      color: 'auto',
    });
  });

  test('--color and --no-color share a key and do not disturb each other', async () => {
    const colors: string[] = [];
    const keep: Answer = (options) => {
      colors.push(options.color);
      return { document: createDocument() };
    };
    await call('audit --color always', keep);
    await call('audit --no-color', keep);
    await call('audit', keep);
    expect(colors).toEqual(['always', 'never', 'auto']);
  });

  test('the command may put configuration below the flags', async () => {
    let seen: Options | undefined;
    await call('audit --units si', (_, { configure }) => {
      seen = configure({ path: 'pyproject.toml', table: { units: 'iec', python: '3.10' } });
      return { document: createDocument() };
    });
    expect(seen).toMatchObject({ units: 'si', python: '3.10' });
  });
});

describe('what is printed', () => {
  test('stdout has the report and nothing else', async () => {
    const warnings = [{ code: 'x', message: 'something odd', path: 'r.txt', line: 2 }];
    const { code, out, error } = await call('audit --json', () => ({
      document: createDocument({ warnings }),
      notes: ['resolve 12 ms'],
    }));
    expect(code).toBe(0);
    expect(JSON.parse(out).warnings).toHaveLength(1);
    expect(error).toBe('warning  r.txt:2  something odd\nresolve 12 ms\n');
  });

  test('two runs are byte-equal', async () => {
    const answer: Answer = () => ({ document: createTrackmaster() });
    expect((await call('audit --json', answer)).out).toBe((await call('audit --json', answer)).out);
  });

  test('--output writes files beside stdout, without colour', async () => {
    const answer: Answer = () => ({ document: createTrackmaster() });
    const { out } = await call(
      'audit --output json:a.json --output table:a.txt --color always',
      answer,
    );
    expect(out).toContain('\u001b[');
    expect(JSON.parse(await readFile(join(folder, 'a.json'), 'utf8')).project).toBe('trackmaster');
    expect(await readFile(join(folder, 'a.txt'), 'utf8')).not.toContain('\u001b[');
  });

  test('a file that cannot be written is an error that names it', async () => {
    const { code, error } = await call('audit --output json:no/such/a.json');
    expect(code).toBe(2);
    expect(error).toBe(
      'error  no/such/a.json cannot be written: the folder no/such does not exist\n',
    );
  });

  test('a folder in the place of the file is told without the name of a temporary file', async () => {
    await writeFile(join(folder, 'taken'), '');
    const { code, error } = await call('audit --output json:taken/a.json');
    expect(code).toBe(2);
    expect(error).toBe('error  taken/a.json cannot be written: taken is no folder\n');
  });

  test('a full disk behind stdout is an error of the user, not a bug', async () => {
    const { code, error } = await call('audit', undefined, undefined, 'ENOSPC');
    expect(code).toBe(2);
    expect(error).toBe('error  stdout cannot be written: the disk is full (ENOSPC)\n');
  });

  test('a reader that goes away changes neither the exit code nor stderr', async () => {
    expect(await call('audit', undefined, undefined, 'EPIPE')).toMatchObject({
      code: 0,
      error: '',
    });
  });

  test('a conflict is told on stderr, and its document on stdout', async () => {
    const error = {
      message: 'numpy cannot be both',
      requirements: [{ raw: 'numpy==1', path: 'r.txt', line: 9, column: 1 }],
    };
    const result = await call('audit --json', () => ({ document: createDocument({ error }) }));
    expect(result.code).toBe(2);
    expect(result.error).toContain('numpy cannot be both');
    expect(result.error).toContain('r.txt:9');
    expect(JSON.parse(result.out).error.message).toBe('numpy cannot be both');
  });

  test('--quiet keeps warnings to itself', async () => {
    const warnings = [{ code: 'x', message: 'odd' }];
    const { error } = await call('audit -q', () => ({ document: createDocument({ warnings }) }));
    expect(error).toBe('');
  });
});

describe('exit codes', () => {
  test('come from the document and the options', async () => {
    const findings = [createFinding({ severity: 'warning', packages: ['a'] })];
    const answer: Answer = () => ({ document: createDocument({ findings }) });
    expect((await call('audit', answer)).code).toBe(0);
    expect((await call('audit --fail-on unused', answer)).code).toBe(1);
    expect((await call('audit --fail-on error', answer)).code).toBe(0);
  });

  test('a command may decide itself', async () => {
    expect((await call('audit', () => ({ document: null, text: 'x\n', exitCode: 3 }))).code).toBe(
      3,
    );
  });

  test('an error that the user can act on has its own code', async () => {
    const { code, error } = await call('audit', () => {
      throw new DepweightError('index-unreachable', {
        url: 'https://index.test',
        reason: 'refused',
      });
    });
    expect(code).toBe(3);
    expect(error).toContain('--offline');
  });

  test('a bug is 70, with its stack and a request to report it', async () => {
    const { code, out, error } = await call('audit', () => {
      throw new TypeError('undefined is not a function');
    });
    expect({ code, out }).toEqual({ code: 70, out: '' });
    expect(error).toContain('TypeError: undefined is not a function');
    expect(error).toContain('please report it');
  });

  test('Ctrl-C is 130, at once, and tells the stages', async () => {
    let aborted = false;
    const { code, out, error } = await call(
      'audit',
      (_, { signal }) =>
        new Promise(() => {
          signal.addEventListener('abort', () => {
            aborted = true;
          });
        }),
      20,
    );
    expect({ code, out, aborted }).toEqual({ code: 130, out: '', aborted: true });
    expect(error).toBe('error  interrupted\n');
  });

  test.each(['audit', 'scan'])('%s does not see the environment under --isolated', async (name) => {
    let variables: unknown;
    const { error } = await call(`${name} --isolated`, (_, context) => {
      variables = context.variables;
      return { document: createDocument() };
    });
    expect(error).toBe('');
    expect(variables).toEqual({});
  });
});

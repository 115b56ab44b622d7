import { mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { formatProgressLine, silentProgress } from '../../src/io/progress.ts';
import { readTerminal, writeReportFile, writeText } from '../../src/io/terminal.ts';

const terminal = { isTTY: true, columns: 120 };
const pipe = {};

describe('readTerminal', () => {
  test('a pipe has 80 columns, no colour and no progress', () => {
    expect(readTerminal(pipe, pipe, {}, 'auto')).toEqual({
      colorOut: false,
      colorError: false,
      width: 80,
      interactive: false,
    });
  });

  test('a terminal has colour, progress and its own width within 60 and 100', () => {
    expect(readTerminal(terminal, terminal, {}, 'auto')).toEqual({
      colorOut: true,
      colorError: true,
      width: 100,
      messageWidth: 100,
      interactive: true,
    });
    expect(readTerminal(pipe, { isTTY: true, columns: 77 }, {}, 'auto').messageWidth).toBe(77);
    expect(readTerminal({ isTTY: true, columns: 40 }, terminal, {}, 'auto').width).toBe(60);
    expect(readTerminal({ isTTY: true, columns: 77 }, terminal, {}, 'auto').width).toBe(77);
  });

  test('of a pipe COLUMNS tells the width, of a terminal it tells nothing', () => {
    const columns = (said: string) => readTerminal(pipe, pipe, { COLUMNS: said }, 'auto');
    expect(columns('70')).toMatchObject({ width: 70, messageWidth: 70 });
    expect(columns('200')).toMatchObject({ width: 100, messageWidth: 100 });
    for (const said of ['', '0', '-4', 'wide', '70.5']) {
      expect(columns(said).width).toBe(80);
      expect(columns(said)).not.toHaveProperty('messageWidth');
    }
    expect(readTerminal(terminal, terminal, { COLUMNS: '70' }, 'auto').width).toBe(100);
  });

  test('--color is stronger than FORCE_COLOR, that than NO_COLOR, that than the terminal', () => {
    const color = (
      variables: Record<string, string>,
      choice: 'auto' | 'always' | 'never',
      out = terminal,
    ) => readTerminal(out, out, variables, choice).colorOut;
    expect(color({ NO_COLOR: '1' }, 'auto')).toBe(false);
    expect(color({ NO_COLOR: '' }, 'auto')).toBe(true);
    expect(color({ NO_COLOR: '1', FORCE_COLOR: '1' }, 'auto')).toBe(true);
    expect(color({ FORCE_COLOR: '0' }, 'auto')).toBe(false);
    expect(color({ FORCE_COLOR: '1' }, 'never')).toBe(false);
    expect(color({ NO_COLOR: '1' }, 'always')).toBe(true);
    expect(color({ TERM: 'dumb' }, 'auto')).toBe(false);
    expect(readTerminal(pipe, pipe, { FORCE_COLOR: '1' }, 'auto').colorOut).toBe(true);
  });

  test('the two streams are judged apart', () => {
    const facts = readTerminal(pipe, terminal, {}, 'auto');
    expect(facts.colorOut).toBe(false);
    expect(facts.colorError).toBe(true);
    expect(facts.interactive).toBe(true);
  });

  test('no line is rewritten in CI or on a dumb terminal', () => {
    expect(readTerminal(terminal, terminal, { CI: 'true' }, 'auto').interactive).toBe(false);
    expect(readTerminal(terminal, terminal, { CI: 'false' }, 'auto').interactive).toBe(true);
    expect(readTerminal(terminal, terminal, { TERM: 'dumb' }, 'auto').interactive).toBe(false);
  });
});

describe('writeText', () => {
  test('a reader that went away is no error, a full disk is', async () => {
    const broken = (code: string): Writable =>
      new Writable({
        write(_chunk, _encoding, done) {
          done(Object.assign(new Error(code), { code }));
        },
      }).on('error', () => {});
    await expect(writeText(broken('EPIPE'), 'x')).resolves.toBeUndefined();
    await expect(writeText(broken('ENOSPC'), 'x')).rejects.toThrow('ENOSPC');
  });

  test('nothing to write is not written', async () => {
    const stream = new Writable({
      write() {
        throw new Error('written');
      },
    });
    await expect(writeText(stream, '')).resolves.toBeUndefined();
  });
});

describe('writeReportFile', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'depweight-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('writes the whole text and leaves nothing else', async () => {
    await writeReportFile(join(folder, 'report.json'), '{}\n');
    await writeReportFile(join(folder, 'report.json'), '{"a":1}\n');
    expect(await readFile(join(folder, 'report.json'), 'utf8')).toBe('{"a":1}\n');
    expect(await readdir(folder)).toEqual(['report.json']);
  });

  test('replaces a link instead of following it', async () => {
    await writeFile(join(folder, 'target'), 'mine');
    await symlink(join(folder, 'target'), join(folder, 'report'));
    await writeReportFile(join(folder, 'report'), 'new');
    expect(await readFile(join(folder, 'target'), 'utf8')).toBe('mine');
    expect(await readFile(join(folder, 'report'), 'utf8')).toBe('new');
  });

  test('a folder that is not there is an error, and nothing is left', async () => {
    await expect(writeReportFile(join(folder, 'no', 'report'), 'x')).rejects.toThrow('ENOENT');
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('the progress line', () => {
  test('has the time at its right end and never wraps', () => {
    const line = formatProgressLine('Weighing 41/69', 'torch 2.1.0', 2140);
    expect(line).toMatch(/^Weighing 41\/69 {2}torch 2\.1\.0 +2\.1 s$/);
    expect(line).toHaveLength(70);
    expect(formatProgressLine('Weighing', 'x'.repeat(200), 99_900, 40)).toHaveLength(37);
    expect(formatProgressLine('Weighing', 'x', 0, 5).length).toBeLessThanOrEqual(6);
  });

  test('a silent progress takes everything', () => {
    expect(() => {
      silentProgress.update('weighing', 1, 2, 'torch');
      silentProgress.stop();
    }).not.toThrow();
  });
});

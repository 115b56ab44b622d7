import { describe, expect, it } from 'vitest';
import { parsePipfileLock } from '../../src/inputs/pipfile-lock.ts';
import { describePin, fileOf, pinsOf, setsOf } from './lock-support.ts';
import { codesOf } from './support.ts';

const parse = (text: string, path = 'Pipfile.lock') => parsePipfileLock(fileOf(path, text));
const lockOf = (sections: Readonly<Record<string, unknown>>, meta: unknown = {}): string =>
  JSON.stringify({ _meta: meta, ...sections }, null, 2);

describe('a Pipfile.lock', () => {
  it('pins each entry at its own line', () => {
    const lock = parse(
      lockOf(
        {
          default: {
            Flask: { version: '==3.0', hashes: ['sha256:a'], index: 'main', extras: ['async'] },
            win: { version: '==1', markers: "sys_platform == 'win32'" },
            tool: { git: 'https://files.test/t.git', ref: 'abc' },
            mine: { path: './libs/mine', editable: true },
            remote: { file: 'https://files.test/r-1.tar.gz' },
          },
        },
        { sources: [{ name: 'main', url: 'https://index.test/simple' }] },
      ),
    );
    expect(pinsOf(lock)).toEqual([
      '11 flask==3.0',
      '21 win==1 ; sys_platform == "win32"',
      '25 tool==? @ vcs git+https://files.test/t.git@abc',
      '29 mine==? @ local file:libs/mine',
      '33 remote==? @ url https://files.test/r-1.tar.gz',
    ]);
    expect([lock.lock?.pins[0]?.origin, lock.lock?.pins[0]?.hashes, lock.warnings]).toEqual([
      'https://index.test/simple',
      ['sha256:a'],
      [],
    ]);
    expect(lock.lock?.pins[0]?.location.column).toBe(5);
  });

  it('is its categories where it has no Pipfile', () => {
    const lock = parse(
      lockOf({
        develop: { pytest: { version: '==8' } },
        default: { flask: { version: '==3', extras: ['async'] } },
        docs: { sphinx: { version: '==7' } },
      }),
    );
    expect(setsOf(lock)).toEqual([
      'main (prod): flask[async]==3',
      'group dev (dev): pytest==8',
      'group docs (docs): sphinx==7',
    ]);
  });

  it('holds each version for the categories that have it', () => {
    const lock = parse(
      '{"default": {"six": {"version": "==1"}}, "develop": {"six": {"version": "==2"}}}',
    );
    expect(
      lock.lock?.pins.map((pin) => [describePin(pin), pin.sets?.map(({ set }) => set)]),
    ).toEqual([
      ['six==1', ['']],
      ['six==2', ['group:dev']],
    ]);
  });

  it.each([
    [{ python_version: '3.11' }, '==3.11.*'],
    [{ python_version: '3.11', python_full_version: '3.11.4' }, '==3.11.4'],
    [{ python_version: 'x' }, null],
    ['3.11', null],
  ])('is for the Python that %j names', (requires, expected) => {
    expect(parse(lockOf({}, { requires })).requiresPython).toBe(expected);
  });

  it.each([
    [
      '{"_meta":{"pipfile-spec":6},\n"default":{"fx-http":{"ver\n',
      'invalid-json Pipfile.lock:2 error',
    ],
    ['{"default": {"a": 1,}}', 'invalid-json Pipfile.lock:1 error'],
    ['[]', 'invalid-json Pipfile.lock:1 error'],
    ['', 'invalid-json Pipfile.lock:1 error'],
    ['{"_meta":{},\n"default":[]}', 'invalid-lock Pipfile.lock:2 error'],
    ['{"_meta":{},\n"develop":null}', 'invalid-lock Pipfile.lock:2 error'],
    ['{"_meta":{"pipfile-spec":7},"default":{}}', 'unknown-lock-version Pipfile.lock:1 error'],
    ['{"default":{\n"a":"==1"}}', 'invalid-lock Pipfile.lock:2 error'],
    ['{"default":{\n"-a":{"version":"==1"}}}', 'invalid-lock Pipfile.lock:2 error'],
    ['{"default":{\n"a":{"version":"*"}}}', 'unlocked-package Pipfile.lock:2 warning'],
    ['{"default":{\n"a":{}}}', 'unlocked-package Pipfile.lock:2 warning'],
  ])('says what is wrong with %j', (text, code) => {
    expect(codesOf(parse(text).warnings)).toEqual([code]);
  });

  it('takes brackets as deep as they come', () => {
    const text = `{"default": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    expect(codesOf(parse(text).warnings)).toEqual(['invalid-lock Pipfile.lock:1 error']);
  });

  it('takes `__proto__` for a name like others', () => {
    const lock = parse('{"default": {"__proto__": {"version": "==1"}, "a": {"version": "==1"}}}');
    expect([pinsOf(lock), codesOf(lock.warnings)]).toEqual([
      ['1 a==1'],
      ['invalid-lock Pipfile.lock:1 error'],
    ]);
  });
});

import { describe, expect, it } from 'vitest';

import { formatRequirement } from '../../src/pep/requirement.ts';
import {
  joinSections,
  parseRequiresText,
  parseSetupConfiguration,
} from '../../src/weigh/egg-requires.ts';
import type { StaticRequirements } from '../../src/weigh/egg-requires.ts';

function shown(requirements: StaticRequirements | null): readonly string[] {
  return (requirements?.requiresDist ?? []).map(formatRequirement);
}

describe('requires.txt', () => {
  it('reads sections of extras, of markers and of both', () => {
    const parsed = parseRequiresText(
      [
        'click>=7',
        '# a comment',
        'idna<3,>=2.5',
        '',
        '[:python_version < "3.8"]',
        'importlib-metadata',
        '[Socks_Extra]',
        'PySocks!=1.5.7',
        '[socks_extra:sys_platform == "win32" or os_name == "nt"]',
        'win-inet-pton\r',
        '[empty]',
      ].join('\n'),
    );
    expect(shown(parsed)).toEqual([
      'click>=7',
      'idna<3,>=2.5',
      'importlib-metadata; python_version < "3.8"',
      'pysocks!=1.5.7; extra == "socks-extra"',
      'win-inet-pton; (sys_platform == "win32" or os_name == "nt") and extra == "socks-extra"',
    ]);
    expect(parsed.providesExtras).toEqual(['empty', 'socks-extra']);
    expect(parsed.repairs).toEqual([]);
  });

  it('joins the own marker of a line to that of its section, with parentheses', () => {
    const parsed = parseRequiresText('[x]\na; os_name == "nt" or os_name == "posix"\n');
    expect(shown(parsed)).toEqual(['a; (os_name == "nt" or os_name == "posix") and extra == "x"']);
  });

  it('keeps a semicolon inside a URL', () => {
    const parsed = parseRequiresText(
      '[x]\na @ https://index.test/a;b.zip\nb @ https://index.test/b.zip ; os_name == "nt"\n',
    );
    expect(parsed.requiresDist.map((requirement) => requirement.url)).toEqual([
      'https://index.test/a;b.zip',
      'https://index.test/b.zip',
    ]);
    expect(parsed.requiresDist[1]?.markerText).toBe('os_name == "nt" and extra == "x"');
  });

  it('repairs what can be repaired, skips the rest, and says both', () => {
    const parsed = parseRequiresText('a>=1.9.*\n???\nb\n[bad extra!]\nc\n');
    expect(shown(parsed)).toEqual(['a>=1.9', 'b']);
    expect(parsed.repairs).toEqual([
      expect.stringContaining('`a>=1.9.*` was repaired'),
      expect.stringContaining('`???` was skipped'),
      expect.stringContaining('`bad extra!` was skipped'),
    ]);
  });

  it('cannot be made to write a marker by the name of an extra', () => {
    const parsed = joinSections([{ extra: 'x" or os_name != "', marker: null, lines: ['a'] }]);
    expect(parsed.requiresDist).toEqual([]);
  });
});

describe('setup.cfg', () => {
  it('reads requirements, extras and the Python versions', () => {
    const parsed = parseSetupConfiguration(
      [
        '[metadata]',
        'name = x',
        '[options]',
        'Python_Requires = >=3.8',
        'install_requires =',
        '    a>=1  # why',
        '    # nothing',
        '    b; os_name == "nt"',
        'packages = find:',
        '[options.extras_require]',
        'fast = c; d',
        'win:sys_platform == "win32" = e',
        ':python_version < "3" = ignored by the delimiter',
      ].join('\n'),
    );
    expect(parsed?.requiresPython).toBe('>=3.8');
    expect(parsed?.hasRequirements).toBe(true);
    expect(shown(parsed).slice(0, 4)).toEqual([
      'a>=1',
      'b; os_name == "nt"',
      'c; extra == "fast"',
      'd; extra == "fast"',
    ]);
  });

  it.each(['install_requires = file: requirements.txt', 'install_requires = attr: x.y'])(
    'is not static with %s',
    (line) => {
      expect(parseSetupConfiguration(`[options]\n${line}\n`)).toBeNull();
    },
  );

  it('says when it states no requirements', () => {
    expect(parseSetupConfiguration('[flake8]\nmax = 1\n')).toMatchObject({
      hasRequirements: false,
      requiresDist: [],
    });
    expect(parseSetupConfiguration('')).toMatchObject({
      hasRequirements: false,
      requiresPython: null,
    });
  });
});

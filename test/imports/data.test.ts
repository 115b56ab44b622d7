import { describe, expect, it } from 'vitest';
import configurationFiles from '../../data/configuration-files.json' with { type: 'json' };
import featureNeeds from '../../data/feature-needs.json' with { type: 'json' };
import plugins from '../../data/plugin-groups.json' with { type: 'json' };
import tools from '../../data/development-tools.json' with { type: 'json' };
import {
  configuredDistribution,
  distributionOfProgram,
  isTestLibrary,
  pluginHosts,
  toolKind,
} from '../../src/usage/development-tools.ts';
import { isStandardModule, wasStandardModule } from '../../src/imports/standard-library.ts';
import { normalizeName } from '../../src/pep/name.ts';

const kind = (name: string): string | null => toolKind(normalizeName(name));

describe('standard library', () => {
  it.each([
    ['os', '3.8', true],
    ['asyncio', '3.15', true],
    ['tomllib', '3.10', false],
    ['tomllib', '3.11', true],
    ['distutils', '3.11', true],
    ['distutils', '3.12', false],
    ['imp', '3.11', true],
    ['imp', '3.12', false],
    ['cgi', '3.12', true],
    ['cgi', '3.13', false],
    ['zoneinfo', '3.8', false],
    ['annotationlib', '3.13', false],
    ['annotationlib', '3.14', true],
    ['msvcrt', '3.9', true],
    ['requests', '3.12', false],
    ['constructor', '3.12', false],
  ])('%s in %s: %s', (module, python, expected) => {
    expect(isStandardModule(module, python)).toBe(expected);
  });

  it('remembers what it once held', () => {
    expect(wasStandardModule('distutils')).toBe(true);
    expect(wasStandardModule('requests')).toBe(false);
    expect(wasStandardModule('toString')).toBe(false);
  });
});

describe('development tools', () => {
  it('knows tools by name and by pattern', () => {
    expect(kind('pytest')).toBe('test');
    expect(kind('Pytest_Cov')).toBe('test');
    expect(kind('flake8-bugbear')).toBe('lint');
    expect(kind('types-requests')).toBe('typing');
    expect(kind('ruff')).toBe('lint');
    expect(kind('requests')).toBeNull();
    expect(kind('jupyter-client')).toBeNull();
    expect(kind('constructor')).toBeNull();
  });

  it('knows tools by table and by program', () => {
    expect(configuredDistribution('setuptools_scm')).toBe('setuptools-scm');
    expect(configuredDistribution('black')).toBe('black');
    expect(distributionOfProgram('cz')).toBe('commitizen');
    expect(distributionOfProgram('toString')).toBe('tostring');
  });

  it('tells libraries of tests from tools', () => {
    expect(isTestLibrary(normalizeName('responses'))).toBe(true);
    expect(isTestLibrary(normalizeName('pytest'))).toBe(false);
  });

  it('finds the hosts of plugins', () => {
    expect(pluginHosts({ pytest11: ['x = y'] })).toEqual([
      { host: 'pytest', area: 'development', group: 'pytest11' },
    ]);
    expect(pluginHosts({ 'sqlalchemy.dialects': ['x = y'] })).toMatchObject([
      { host: 'sqlalchemy', area: 'product' },
    ]);
    expect(pluginHosts({ unheard_of: ['x = y'] })).toEqual([]);
  });
});

describe('data files', () => {
  it('hold normalised names', () => {
    const names = [
      ...Object.keys(tools.names),
      ...tools.notTools,
      ...tools.libraries,
      ...Object.values(tools.configuration),
      ...Object.values(tools.commands),
      ...tools.assumed,
      ...Object.keys(configurationFiles.files),
      ...featureNeeds.lines.flatMap(({ needs }) => needs),
      ...featureNeeds.features.flatMap(({ needs }) => needs),
      ...Object.values(featureNeeds.drivers).flat(),
      ...plugins.groups.map(([, host]) => host ?? ''),
    ];
    expect(names.filter((name) => normalizeName(name) !== name)).toEqual([]);
  });

  it('hold rows on lines with a source and patterns that compile', () => {
    for (const { needs, files, line, source } of featureNeeds.lines) {
      expect(needs.length).toBeGreaterThan(0);
      expect(source.length).toBeGreaterThan(5);
      expect(() => [new RegExp(files), new RegExp(line)]).not.toThrow();
    }
  });

  it('hold patterns that compile', () => {
    const strings = featureNeeds.features.flatMap((row) =>
      'strings' in row ? (row.strings ?? []) : [],
    );
    const patterns = [...plugins.groups, ...tools.patterns].map(([pattern]) => pattern ?? '');
    for (const pattern of [...strings, ...patterns]) {
      expect(pattern).not.toBe('');
      expect(() => new RegExp(pattern)).not.toThrow();
    }
  });

  it('name a source and something to look for in each row of needs', () => {
    for (const row of featureNeeds.features) {
      expect(row.source.length).toBeGreaterThan(5);
      expect(row.needs.length).toBeGreaterThan(0);
      expect(row.modules.length + ('strings' in row ? 1 : 0)).toBeGreaterThan(0);
    }
  });

  it('list libraries of tests among the tools', () => {
    for (const library of tools.libraries) expect(Object.keys(tools.names)).toContain(library);
  });
});

import { describe, expect, it } from 'vitest';
import { createMemoryFiles } from '../../src/inputs/file-access.ts';
import { parseConfiguration, readConfiguration } from '../../src/settings/configuration.ts';
import { resolveIndexSettings, type SettingsSources } from '../../src/settings/index-settings.ts';
import { parseIni } from '../../src/settings/ini.ts';
import { readPipConfiguration } from '../../src/settings/pip-configuration.ts';
import { hostOf, isLinkLocalUrl, isPlainHttp, redactUrl } from '../../src/settings/redact-url.ts';
import { readUvConfiguration } from '../../src/settings/uv-configuration.ts';
import { codesOf } from '../inputs/support.ts';

function resolve(sources: Partial<SettingsSources>) {
  return resolveIndexSettings({
    flags: {},
    variables: {},
    inputs: [],
    configuration: [],
    isolated: false,
    ...sources,
  });
}

const urls = (sources: Partial<SettingsSources>): readonly string[] =>
  resolve(sources).indexes.map(({ url, from }) => `${url ?? 'PyPI'} ${from}`);

describe('resolveIndexSettings', () => {
  it('asks PyPI where nothing is said', () => {
    expect(resolve({})).toEqual({
      indexes: [{ url: null, name: null, from: 'default' }],
      findLinks: [],
      excludeNewer: null,
      noIndex: false,
      pre: false,
      noBinary: [],
      onlyBinary: [],
      requireHashes: false,
      certificate: null,
      credentials: [],
      notes: [],
    });
  });

  it('lets the stronger level decide the main index', () => {
    const flags = { indexUrl: 'https://index.test/flag' };
    const variables = {
      UV_DEFAULT_INDEX: 'corp=https://index.test/uv',
      PIP_INDEX_URL: 'https://index.test/pip',
    };
    const inputs = [{ options: { indexUrl: 'https://index.test/file' }, from: 'requirements.txt' }];
    const configuration = [{ options: { indexUrl: 'https://index.test/conf' }, from: 'pip.conf' }];
    expect(urls({ flags, variables, inputs, configuration })).toEqual([
      'https://index.test/flag the command line',
    ]);
    expect(urls({ variables, inputs, configuration })).toEqual([
      'https://index.test/uv UV_DEFAULT_INDEX',
    ]);
    expect(urls({ inputs, configuration })).toEqual(['https://index.test/file requirements.txt']);
    expect(urls({ configuration })).toEqual(['https://index.test/conf pip.conf']);
  });

  it('joins extra indexes before the main one, each once', () => {
    expect(
      urls({
        flags: { extraIndexUrls: ['https://index.test/a/'] },
        variables: {
          PIP_EXTRA_INDEX_URL: 'https://index.test/b https://index.test/a',
          UV_INDEX: 'n=https://index.test/c',
        },
        inputs: [
          {
            options: {
              extraIndexUrls: ['https://index.test/d'],
              indexUrl: 'https://index.test/main',
            },
            from: 'x',
          },
        ],
      }).map((text) => text.split(' ')[0]),
    ).toEqual([
      'https://index.test/a',
      'https://index.test/c',
      'https://index.test/b',
      'https://index.test/d',
      'https://index.test/main',
    ]);
  });

  it('asks later indexes after the main one, whatever level names that', () => {
    const inputs = [
      {
        options: { laterIndexUrls: ['https://index.test/later', 'https://index.test/flag'] },
        from: 'pyproject.toml',
      },
    ];
    expect(urls({ inputs })).toEqual([
      'PyPI default',
      'https://index.test/later pyproject.toml',
      'https://index.test/flag pyproject.toml',
    ]);
    const flags = { indexUrl: 'https://index.test/flag' };
    expect(urls({ flags, inputs })).toEqual([
      'https://index.test/flag the command line',
      'https://index.test/later pyproject.toml',
    ]);
  });

  it('knows PyPI by its name, at the place that a file gives it', () => {
    const options = { indexUrl: 'https://index.test/a', laterIndexUrls: ['pypi:'] };
    expect(urls({ inputs: [{ options, from: 'pyproject.toml' }] })).toEqual([
      'https://index.test/a pyproject.toml',
      'PyPI pyproject.toml',
    ]);
  });

  it('gives named indexes the users that variables name, and no address its own again', () => {
    const options = {
      indexNames: {
        'https://index.test/corp/simple': 'corp-east.1',
        'https://index.test/poetry': 'own',
        'https://me@index.test/known': 'known',
        '../wheels': 'local',
      },
    };
    const variables = {
      UV_INDEX: 'cpu=https://index.test/cpu',
      UV_INDEX_CORP_EAST_1_USERNAME: 'bob',
      UV_INDEX_CORP_EAST_1_PASSWORD: 'p@ss/word',
      UV_INDEX_CPU_PASSWORD: 'token',
      POETRY_HTTP_BASIC_OWN_USERNAME: 'poet',
      UV_INDEX_KNOWN_USERNAME: 'other',
      UV_INDEX_LOCAL_USERNAME: 'nobody',
    };
    const inputs = [{ options, from: 'pyproject.toml' }];
    const { credentials, notes } = resolve({ inputs, variables });
    expect(credentials).toEqual([
      'https://bob:p%40ss%2Fword@index.test/corp/simple',
      'https://poet@index.test/poetry',
      'https://:token@index.test/cpu',
    ]);
    expect(notes).toContain('the user of the index corp-east.1 (UV_INDEX_CORP_EAST_1_USERNAME)');
    expect(notes.join()).not.toMatch(/bob|token|poet@/);
    expect(resolve({ inputs, variables, isolated: true }).credentials).toEqual([]);
  });

  it('lets a stronger level take back with :none: what weaker ones say', () => {
    const flags = { noBinary: [':none:', 'a'] };
    const inputs = [{ options: { noBinary: ['b'] }, from: 'requirements.txt' }];
    expect(resolve({ flags, inputs }).noBinary).toEqual(['b', ':none:', 'a']);
  });

  it('trusts the certificates that the strongest level names', () => {
    const pip = readPipConfiguration('[global]\ncert = /site.pem\n', 'pip.conf');
    expect(resolve({ configuration: [pip] })).toMatchObject({
      certificate: '/site.pem',
      notes: ['certificates of /site.pem (pip.conf)'],
    });
    const variables = { PIP_CERT: '/own.pem', SSL_CERT_FILE: '/ssl.pem' };
    expect(resolve({ configuration: [pip], variables }).certificate).toBe('/own.pem');
  });

  it('ignores the environment and the user when isolated', () => {
    const sources = {
      isolated: true,
      variables: { PIP_INDEX_URL: 'https://index.test/x', PIP_CERT: '/c' },
      configuration: [{ options: { pre: true }, from: 'pip.conf' }],
      inputs: [{ options: { findLinks: ['wheels'] }, from: 'requirements.txt' }],
    };
    expect(resolve(sources)).toMatchObject({
      indexes: [{ url: null }],
      pre: false,
      certificate: null,
      findLinks: ['wheels'],
    });
  });

  it("knows pip's words for true, and asks no index where none is wanted", () => {
    expect(
      resolve({ variables: { PIP_NO_INDEX: 'yes', PIP_FIND_LINKS: 'https://files.test/ ./w' } }),
    ).toMatchObject({ noIndex: true, indexes: [], findLinks: ['https://files.test/', './w'] });
    expect(
      resolve({
        variables: {
          PIP_NO_INDEX: '0',
          PIP_PRE: 'true',
          PIP_NO_BINARY: 'a,b',
          SSL_CERT_FILE: '/etc/c.pem',
        },
      }),
    ).toMatchObject({ noIndex: false, pre: true, noBinary: ['a', 'b'], certificate: '/etc/c.pem' });
  });

  it('names what is in force without secrets', () => {
    const { notes, indexes } = resolve({
      variables: { PIP_INDEX_URL: 'http://bob:hunter2@index.test/simple', PIP_PRE: '1' },
    });
    expect(notes).toEqual([
      'index http://****@index.test/simple (PIP_INDEX_URL, by plain http)',
      'pre-releases are allowed (PIP_PRE)',
    ]);
    expect(indexes[0]?.url).toContain('hunter2');
  });
});

describe('files of the user', () => {
  it('are read as configparser reads them', () => {
    expect(
      parseIni(
        '; c\n[global]\nindex_url = https://index.test/a=b\nextra-index-url:\n    https://index.test/c\n  # no\n    https://index.test/d\n[x]\nbroken\n',
      ),
    ).toEqual([
      { section: 'global', key: 'index-url', values: ['https://index.test/a=b'], line: 3 },
      {
        section: 'global',
        key: 'extra-index-url',
        values: ['https://index.test/c', 'https://index.test/d'],
        line: 4,
      },
    ]);
  });

  it('of pip: [install] over [global], nothing of other commands', () => {
    const text =
      '[install]\nno-index = true\nindex-url = https://index.test/i\n[global]\nindex-url = https://index.test/g\nfind-links = a\n  b\npre = off\n[freeze]\nonly-binary = x\n';
    expect(readPipConfiguration(text, 'pip.conf')).toEqual({
      from: 'pip.conf',
      options: {
        indexUrl: 'https://index.test/i',
        noIndex: true,
        findLinks: ['a', 'b'],
        pre: false,
      },
    });
  });

  it('of uv have the keys of [tool.uv]', async () => {
    const bytes = new TextEncoder().encode(
      'no-index = true\n[[index]]\nurl = "https://index.test/x"\ndefault = true\n[pip]\nextra-index-url = ["https://index.test/y"]\n',
    );
    expect((await readUvConfiguration(bytes, 'uv.toml')).level.options).toEqual({
      noIndex: true,
      indexUrl: 'https://index.test/x',
      extraIndexUrls: ['https://index.test/y'],
    });
    expect(
      codesOf((await readUvConfiguration(new TextEncoder().encode('a = [\n'), 'uv.toml')).warnings),
    ).toEqual(['invalid-toml uv.toml:1 error']);
  });
});

describe('configuration', () => {
  it('is read from pyproject.toml with the place of every key', async () => {
    const { configuration, warnings } = await parseConfiguration(
      '[tool.depweight]\npython = "3.11"\nstrict = true\nkeep = ["numpy"]\n[tool.depweight.budget]\ninstalled = "500 MB"\npackages = 60\n',
      'pyproject.toml',
    );
    expect(warnings).toEqual([]);
    expect(configuration?.table).toEqual({
      python: '3.11',
      strict: true,
      keep: ['numpy'],
      budget: { installed: '500 MB', packages: 60 },
    });
    expect([configuration?.at('python'), configuration?.at('budget.packages').line]).toEqual([
      { path: 'pyproject.toml', line: 2, column: 10 },
      7,
    ]);
  });

  it('is taken from depweight.toml first', async () => {
    const files = {
      'depweight.toml': 'python = "3.12"\n',
      'pyproject.toml': '[tool.depweight]\npython = "3.11"\n',
      'sub/pyproject.toml': '[project]\n',
    };
    expect((await readConfiguration(createMemoryFiles(files), '.')).configuration?.table).toEqual({
      python: '3.12',
    });
    expect(await readConfiguration(createMemoryFiles(files), 'sub')).toEqual({
      configuration: null,
      warnings: [],
    });
    expect(await readConfiguration(createMemoryFiles({}), '.')).toEqual({
      configuration: null,
      warnings: [],
    });
  });

  it.each([
    ["bugdet='10MB'", 'unknown-setting', 'did you mean `budget`?'],
    ["budget=['10MB']", 'invalid-setting', 'is an array, not'],
    ['budget={instaled="1 MB"}', 'unknown-setting', 'did you mean `installed`?'],
    ['budget={installed="10 M"}', 'invalid-setting', 'a size such as'],
    ['budget={packages="many"}', 'invalid-setting', 'a whole number'],
    ['strict="yes"', 'invalid-setting', 'true or false'],
    ['python=3.11', 'invalid-setting', 'is a number'],
    ['keep={numpy=1}', 'invalid-setting', 'names'],
    ['keep=["numpy>=1"]', 'invalid-setting', 'the name of a distribution'],
    ['__proto__=1', 'unknown-setting', '__proto__'],
  ])('says what is wrong with %s, and keeps the rest', async (line, code, words) => {
    const { configuration, warnings } = await parseConfiguration(
      `[tool.depweight]\nall = true\n${line}\n`,
      'pyproject.toml',
    );
    expect(codesOf(warnings)).toEqual([`${code} pyproject.toml:3 error`]);
    expect(warnings[0]?.message).toContain(words);
    expect(configuration?.table).toEqual({ all: true });
  });

  it('takes a preset, growth with a sign and reasons for keeping', async () => {
    const { warnings } = await parseConfiguration(
      'budget = "aws-lambda-zip"\n[keep]\nnumpy = "by name"\n',
      'depweight.toml',
    );
    expect(warnings).toEqual([]);
    expect(
      (await parseConfiguration('[budget]\ngrowth = "+10 MB"\nunused = 0\n', 'depweight.toml'))
        .warnings,
    ).toEqual([]);
    const text = (growth: string): string => `against = "main..."\n[budget]\ngrowth = ${growth}\n`;
    for (const growth of ['"5 %"', '"+2.5%"', '1000'])
      expect((await parseConfiguration(text(growth), 'depweight.toml')).warnings).toEqual([]);
    for (const growth of ['"some"', '"aws-lambda-zip"', 'true']) {
      const { warnings: told } = await parseConfiguration(text(growth), 'depweight.toml');
      expect(told[0]?.message).toContain('a part such as "5 %"');
    }
  });

  it.each([
    ['keep = [\n  "numpy",\n  "Ruamel.YAML",\n]\n', ['numpy:2 ', 'ruamel-yaml:3 ']],
    ['[keep]\nnumpy = "by name"\n"ruamel.yaml" = ""\n', ['numpy:2 by name', 'ruamel-yaml:3 ']],
  ])('gives what is kept with its place and reason: %s', async (text, expected) => {
    const { configuration } = await parseConfiguration(text, 'depweight.toml');
    expect(
      configuration?.overrules.map(
        ({ name, location, reason }) => `${name}:${location.line} ${reason}`,
      ),
    ).toEqual(expected);
  });

  it('has to be a table', async () => {
    expect(
      codesOf((await parseConfiguration('[tool]\ndepweight = 1\n', 'pyproject.toml')).warnings),
    ).toEqual(['invalid-setting pyproject.toml:2 error']);
  });
});

describe('addresses', () => {
  it.each([
    ['https://bob:hunter2@index.test/simple', 'https://****@index.test/simple'],
    ['https://glpat-TOKEN@index.test/simple', 'https://****@index.test/simple'],
    [
      'see https://a:b@x.test/ and git+ssh://git@y.test/z',
      'see https://****@x.test/ and git+ssh://****@y.test/z',
    ],
    ['https://a:p@ss@index.test/', 'https://****@index.test/'],
    [
      'https://files.test/x.whl?X-Signature=abc&y=1',
      'https://files.test/x.whl?X-Signature=****&y=1',
    ],
    ['https://index.test/@scope/x', 'https://index.test/@scope/x'],
    ['no address @ all', 'no address @ all'],
  ])('%s is shown as %s', (text, shown) => {
    expect(redactUrl(text)).toBe(shown);
  });

  it('tell their host and what is unwise to ask', () => {
    expect(hostOf('https://u:p@Index.Test:8080/x')).toBe('index.test');
    expect(
      ['http://169.254.169.254/x', 'http://[fe80::1]/', 'http://metadata.google.internal/'].every(
        isLinkLocalUrl,
      ),
    ).toBe(true);
    expect(isLinkLocalUrl('https://index.test/169.254.1.1')).toBe(false);
    expect([
      isPlainHttp('http://index.test'),
      isPlainHttp('http://127.0.0.1:3000/'),
      isPlainHttp('http://localhost/'),
      isPlainHttp('https://index.test'),
    ]).toEqual([true, false, false, false]);
  });
});

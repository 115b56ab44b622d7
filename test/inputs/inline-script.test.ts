import { describe, expect, it } from 'vitest';
import { createMemoryFiles } from '../../src/inputs/file-access.ts';
import { findInlineScripts } from '../../src/inputs/find-inline-scripts.ts';
import { parseInlineScript } from '../../src/inputs/inline-script.ts';
import { readNamedFile } from '../../src/inputs/read-named-file.ts';
import type { ParsedInput } from '../../src/types.ts';
import { codesOf, contextOf, mainOf, placesOf, type Files } from './support.ts';

const path = 'tools/fetch.py';

function block(...lines: readonly string[]): string {
  return ['# /// script', ...lines.map((line) => `# ${line}`.trimEnd()), '# ///', ''].join('\n');
}

function parse(text: string, others: Files = {}): Promise<ParsedInput> {
  const context = contextOf(createMemoryFiles({ ...others, [path]: text }));
  return parseInlineScript({ path, text, realPath: path, warnings: [] }, context);
}

describe('a script with requirements of its own', () => {
  const script = `#!/usr/bin/env -S uv run --script\n${block(
    'requires-python = ">=3.11"',
    'dependencies = [',
    '  "flask>=2", # depweight: keep',
    '  \'click ; python_version < "3.9"\',',
    ']',
  )}import flask\n`;

  it('declares them with their places in the file', async () => {
    const input = await parse(script);
    expect(placesOf(input)).toEqual([
      'tools/fetch.py:5:6 flask>=2',
      'tools/fetch.py:6:6 click ; python_version < "3.9"',
    ]);
    expect(mainOf(input).map(({ keep }) => keep)).toEqual(['', null]);
    expect([input.requiresPython, input.requiresPythonAt]).toEqual([
      '>=3.11',
      { path, line: 3, column: 21 },
    ]);
    expect(input.warnings).toEqual([]);
  });

  it('is read the same with other line ends', async () => {
    const input = await parse(script.replaceAll('\n', '\r\n'));
    expect(placesOf(input)[0]).toBe('tools/fetch.py:5:6 flask>=2');
    expect(mainOf(input).map(({ keep }) => keep)).toEqual(['', null]);
  });

  it('takes the settings of uv in it', async () => {
    const input = await parse(
      block(
        'dependencies = ["flask", "torch"]',
        '[tool.uv]',
        'constraint-dependencies = ["werkzeug<3"]',
        'override-dependencies = ["jinja2==3.1"]',
        'prerelease = "allow"',
        '[[tool.uv.index]]',
        'name = "cpu"',
        'url = "https://index.test/cpu"',
        'explicit = true',
        '[tool.uv.sources]',
        'torch = { index = "cpu" }',
        'flask = { path = "../flask" }',
      ),
    );
    expect(mainOf(input).map(({ index, requirement }) => index ?? requirement.url)).toEqual([
      'file:flask',
      'https://index.test/cpu',
    ]);
    expect(input.constraints.map(({ raw, location }) => `${raw} ${location.line}`)).toEqual([
      'werkzeug<3 4',
    ]);
    expect(input.overrides.map(({ raw }) => raw)).toEqual(['jinja2==3.1']);
    expect(input.options.pre).toBe(true);
  });

  it('may need nothing', async () => {
    const input = await parse(block('requires-python = ">=3.12"'));
    expect([input.groups.length, mainOf(input), input.warnings]).toEqual([1, [], []]);
  });

  it.each([
    ['import flask\n', 'no-script-block tools/fetch.py:1 error'],
    ['\n# /// script\n# dependencies = []\nx = 1\n', 'no-script-block tools/fetch.py:2 error'],
    ['x = 1\n#/// script\n', 'no-script-block tools/fetch.py:2 error'],
    [`${block('dependencies = []')}\n# /// other\n# x = 1\n# ///\n`, null],
    [`${block('a = 1')}\n${block('a = 1')}`, 'repeated-script-block tools/fetch.py:5 error'],
    [block('dependencies = ["flask",'), 'invalid-toml tools/fetch.py:2 error'],
    [block('', 'x = ', 'y = 1'), 'invalid-toml tools/fetch.py:3 error'],
    [block('dependencies = "flask"'), 'invalid-value tools/fetch.py:2 error'],
    [block('dependencies = [', '"fx web"', ']'), 'invalid-requirement tools/fetch.py:3 error'],
    [block('requires-python = "banana"'), 'invalid-requires-python tools/fetch.py:2 warning'],
    [block('dependency = ["x"]'), 'unknown-key tools/fetch.py:2 warning'],
  ])('says where %j is wrong', async (text, code) => {
    expect(codesOf((await parse(text)).warnings)).toEqual(code === null ? [] : [code]);
  });
});

describe('a script that is named', () => {
  const files: Files = {
    [path]: block('dependencies = ["flask"]', 'requires-python = ">=3.10"'),
    'pyproject.toml': "[project]\nname = 'mine'\nversion = '1'\ndependencies = ['click']\n",
    'tools/requirements.txt': 'numpy\n',
    'tools/Dockerfile': 'FROM python:3.8\nRUN pip install -r requirements.txt\n',
    'tools/run': `#!/usr/bin/env -S uv run --script\n${block('dependencies = ["rich"]')}`,
    'tools/plain.py': 'import flask\n',
  };

  it('is an environment of its own, with nothing of the project around it', async () => {
    const { projects } = await readNamedFile(createMemoryFiles(files), path);
    const [project] = projects;
    expect(
      project?.environments.map(({ id, requirements }) => [id, ...requirements.map((r) => r.raw)]),
    ).toEqual([['prod', 'flask']]);
    expect([project?.name, project?.script, project?.primary]).toEqual(['fetch.py', path, path]);
    expect([project?.requiresPython?.text, project?.image]).toEqual(['>=3.10', null]);
  });

  it('needs no suffix', async () => {
    const { projects } = await readNamedFile(createMemoryFiles(files), 'tools/run');
    expect(projects[0]?.declared.map(({ declared }) => declared.raw)).toEqual(['rich']);
  });

  it('must have a block', async () => {
    const found = await readNamedFile(createMemoryFiles(files), 'tools/plain.py');
    expect([found.projects, codesOf(found.warnings)]).toEqual([
      [],
      ['no-script-block tools/plain.py:1 error'],
    ]);
  });

  const lock = (version: string, specifier = ''): string =>
    `version = 1\nrequires-python = ">=3.10"\n[manifest]\nrequirements = [{ name = "flask", specifier = "${specifier}" }]\n[[package]]\nname = "flask"\nversion = "${version}"\nsource = { registry = "https://index.test/simple" }\n`;

  it.each([path, `${path}.lock`])('has the lock beside it, named as %s', async (named) => {
    const access = createMemoryFiles({ ...files, [`${path}.lock`]: lock('2.0') });
    const { projects } = await readNamedFile(access, named);
    const [environment] = projects[0]?.environments ?? [];
    expect(environment?.pins?.map(({ name, version }) => `${name} ${version?.text}`)).toEqual([
      'flask 2.0',
    ]);
    expect(environment?.inputs).toEqual([path, `${path}.lock`]);
    expect(environment?.changedSinceLock).toBeUndefined();
  });

  it('tells what it requires otherwise than when it was locked', async () => {
    const access = createMemoryFiles({ ...files, [`${path}.lock`]: lock('2.0', '<3') });
    const { projects } = await readNamedFile(access, path);
    expect(projects[0]?.environments[0]?.changedSinceLock).toEqual([
      'the main set asks for other versions of flask',
    ]);
  });

  it('is found where there is nothing else', () => {
    expect(findInlineScripts(createMemoryFiles(files))).toEqual([path]);
  });
});

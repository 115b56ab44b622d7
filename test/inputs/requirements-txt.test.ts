import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryFiles } from '../../src/inputs/file-access.ts';
import { parseRequirementsTxt } from '../../src/inputs/requirements-txt.ts';
import { codesOf, contextOf, mainOf, placesOf, rawsOf, readRequirements } from './support.ts';

describe('lines', () => {
  it('keeps the line and column at which each requirement starts', () => {
    const input = readRequirements(
      '# web\n\nfastapi==0.104.1\n   uvicorn[standard]>=0.24 # server\n\tnumpy\n',
    );
    expect(placesOf(input)).toEqual([
      'requirements.txt:3:1 fastapi==0.104.1',
      'requirements.txt:4:4 uvicorn[standard]>=0.24',
      'requirements.txt:5:2 numpy',
    ]);
    expect(input.warnings).toEqual([]);
  });

  it.each([
    ['line feeds', 'flask\nclick\n'],
    ['carriage return and line feed', 'flask\r\nclick\r\n'],
    ['carriage returns', 'flask\rclick\r'],
    ['a mixture', 'flask\r\nclick\n'],
    ['no newline at the end', 'flask\nclick'],
  ])('reads files with %s', (_, text) => {
    expect(placesOf(readRequirements(text))).toEqual([
      'requirements.txt:1:1 flask',
      'requirements.txt:2:1 click',
    ]);
  });

  it('takes a hash sign for a comment only at the start of a word', () => {
    const input = readRequirements(
      'pkg @ https://files.test/pkg-1.0-py3-none-any.whl#sha256=ab\nflask #comment\n#click\n',
    );
    expect(rawsOf(input)).toEqual([
      'pkg @ https://files.test/pkg-1.0-py3-none-any.whl#sha256=ab',
      'flask',
    ]);
  });

  it('joins continued lines and knows where a requirement starts in them', () => {
    const input = readRequirements('flask \\\n  >=2.0, \\\n  <3\n\\\nclick\n');
    expect(
      mainOf(input).map(({ requirement }) => [requirement.name, requirement.specifiers.length]),
    ).toEqual([
      ['flask', 2],
      ['click', 0],
    ]);
    expect(mainOf(input).map(({ location }) => location.line)).toEqual([1, 5]);
  });

  it('ends a continuation at a comment line and at a blank line', () => {
    expect(rawsOf(readRequirements('flask \\\n# why\nclick\n'))).toEqual(['flask', 'click']);
    expect(rawsOf(readRequirements('flask \\\n\nclick\n'))).toEqual(['flask', 'click']);
  });

  it('says so when the backslash in a comment swallows a line, as it does for pip', () => {
    const input = readRequirements('flask # fast \\\nclick\nnumpy\n');
    expect(rawsOf(input)).toEqual(['flask', 'numpy']);
    expect(codesOf(input.warnings)).toEqual(['odd-line requirements.txt:1 warning']);
  });

  it('says so when the last line continues nowhere', () => {
    const input = readRequirements('flask \\');
    expect(rawsOf(input)).toEqual(['flask']);
    expect(codesOf(input.warnings)).toEqual(['odd-line requirements.txt:1 warning']);
  });

  it('splits at form feeds and vertical tabs without counting a line', () => {
    const input = readRequirements('flask\vclick\n\fnumpy\n');
    expect(placesOf(input)).toEqual([
      'requirements.txt:1:1 flask',
      'requirements.txt:1:7 click',
      'requirements.txt:2:2 numpy',
    ]);
  });

  it('marks requirements that a comment keeps', () => {
    const input = readRequirements('flask # depweight: keep (loaded by name)\nclick # keep\n');
    expect(mainOf(input).map(({ keep }) => keep)).toEqual(['loaded by name', null]);
  });

  it('never throws and never loses the good line, whatever stands beside it', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60, unit: 'binary' }), (noise) => {
        const safe = noise.replace(/[\\\r\n\v\f]/g, ' ');
        const text = `flask==3.0\n${safe}\nclick\n`;
        const file = { path: 'requirements.txt', text, realPath: 'requirements.txt', warnings: [] };
        const input = parseRequirementsTxt(file, contextOf(createMemoryFiles({})));
        const names = mainOf(input).map(({ requirement }) => String(requirement.name));
        expect(names[0]).toBe('flask');
        expect(names.at(-1)).toBe('click');
      }),
    );
  });
});

describe('lines that cannot be read', () => {
  it('reports each with its place and goes on', () => {
    const input = readRequirements('flask\nfoo bar\nclick>\nnumpy\n');
    expect(rawsOf(input)).toEqual(['flask', 'numpy']);
    expect(codesOf(input.warnings)).toEqual([
      'invalid-requirement requirements.txt:2 error',
      'invalid-requirement requirements.txt:3 error',
    ]);
    expect(input.warnings[0]?.message).toMatch(/^requirements\.txt:2: `foo bar`: /);
  });

  it.each([
    ['fx = 2.1.0', 'did you mean `fx==2.1.0`'],
    ['fx^2.1', 'only Poetry reads'],
    ['<<<<<<< HEAD', 'git left'],
    ['=======', 'git left'],
    ['"fx>=1"', 'stands in quotes'],
    ['fx=2.1.0=py311_0', 'conda list --export'],
    ['WARNING: You are using pip version 19', 'message of pip'],
    ['pip install fx', 'is a command'],
    ['f\u202ex', 'characters that no name has'],
    ['f\0x', 'NUL byte'],
  ])('explains %j', (line, words) => {
    const input = readRequirements(`${line}\nflask\n`);
    expect(rawsOf(input)).toEqual(['flask']);
    expect(input.warnings.map(({ message }) => message).join('\n')).toContain(words);
  });

  it('shows hidden characters, tags and secrets in no message', () => {
    const input = readRequirements(
      'a\u202eb\n<script>alert(1)</script>\nfoo bar https://bob:hunter2@files.test/x\nx\u001b]0;y\n',
    );
    const text = input.warnings.map(({ message }) => message).join('\n');
    expect(text).not.toMatch(/[\u202e\u001b]|<script|hunter2/);
    expect(text).toContain('\\u{202e}');
  });

  it('reports at most twenty and counts the rest', () => {
    const input = readRequirements(
      '!!\n'.repeat(45).replaceAll('!!\n', () => '!bad!\n') + 'flask\n',
    );
    expect(rawsOf(input)).toEqual(['flask']);
    expect(input.warnings.filter(({ code }) => code === 'invalid-requirement')).toHaveLength(21);
    expect(input.warnings.at(-1)?.message).toContain('25 more lines');
  });

  it('repairs what older tools let pass, and says so', () => {
    const input = readRequirements('flask>=2.*\nclick>=8.0,\n');
    expect(mainOf(input)).toHaveLength(2);
    expect(codesOf(input.warnings)).toEqual([
      'repaired-requirement requirements.txt:1 warning',
      'repaired-requirement requirements.txt:2 warning',
    ]);
  });

  it('takes a web page for what it is', () => {
    const input = readRequirements('<!DOCTYPE html>\n<html><body>Sign in</body></html>\n');
    expect(input.warnings).toHaveLength(1);
    expect(input.warnings[0]?.message).toContain('web page');
  });

  it('takes time in proportion to the text', () => {
    const started = performance.now();
    readRequirements(`a${'-_.'.repeat(60_000)}!\n`);
    readRequirements(`${'a'.repeat(3_000_000)}\n`);
    readRequirements(`flask; ${'('.repeat(20_000)}python_version > '3'${')'.repeat(20_000)}\n`);
    expect(readRequirements('flask\n'.repeat(100_000)).warnings.map(({ code }) => code)).toEqual([
      'repeated-requirement',
    ]);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('options', () => {
  it('reads index options in every spelling', () => {
    const input = readRequirements(
      '-i https://index.test/a\n--extra-index-url=https://index.test/b\n--extra-index-url "https://index.test/c"\n-f ./wheels\n--find-links https://files.test/\n--pre\n--no-binary :all:\n--no-binary=:none:,numpy\n--only-binary scipy,numpy\n--require-hashes\n',
    );
    expect(input.options).toEqual({
      indexUrl: 'https://index.test/a',
      extraIndexUrls: ['https://index.test/b', 'https://index.test/c'],
      findLinks: ['wheels', 'https://files.test/'],
      pre: true,
      noBinary: ['numpy'],
      onlyBinary: ['scipy', 'numpy'],
      requireHashes: true,
    });
    expect(input.warnings).toEqual([]);
  });

  it('says which options it does not apply, and which have no effect here', () => {
    const input = readRequirements(
      '--trusted-host index.test\n--use-feature=fast-deps\n--prefer-binary\nflask --config-settings "--x=y" --global-option="-q"\n--all-releases :all:\n',
    );
    expect(rawsOf(input)).toEqual(['flask']);
    expect(codesOf(input.warnings)).toEqual([
      'not-honoured requirements.txt:1 warning',
      'no-effect requirements.txt:2 warning',
      'not-honoured requirements.txt:3 warning',
      'no-effect requirements.txt:4 warning',
      'no-effect requirements.txt:4 warning',
      'not-honoured requirements.txt:5 warning',
    ]);
  });

  it('ignores options in the wrong place, as pip does, and says so', () => {
    const input = readRequirements(
      '--hash=sha256:' + '0'.repeat(64) + '\nflask --pre\n-e . --index-url https://index.test/\n',
    );
    expect([input.options, mainOf(input).map(({ hashes }) => hashes.length)]).toEqual([{}, [0, 0]]);
    expect(codesOf(input.warnings)).toEqual([
      'misplaced-option requirements.txt:1 warning',
      'misplaced-option requirements.txt:2 warning',
      'misplaced-option requirements.txt:3 warning',
    ]);
  });

  it('warns of unknown options with the nearest name, and goes on', () => {
    const input = readRequirements(
      '--extra-index-ulr https://index.test/simple\n--frobnicate=1\n-q\nflask --nope\n',
    );
    expect(rawsOf(input)).toEqual(['flask']);
    expect(input.warnings.map(({ code, line }) => `${code} ${line}`)).toEqual([
      'unknown-option 1',
      'unknown-option 2',
      'unknown-option 3',
      'unknown-option 4',
    ]);
    expect(input.warnings[0]?.message).toContain('did you mean --extra-index-url?');
  });

  it('warns of plain http, not of the loopback address', () => {
    const input = readRequirements(
      '--index-url http://index.test/simple\n--extra-index-url http://127.0.0.1:8000/simple\n',
    );
    expect(codesOf(input.warnings)).toEqual(['plain-http requirements.txt:1 warning']);
  });

  it('reads hashes over several lines and drops unknown ones with a warning', () => {
    const digest = 'a'.repeat(64);
    const input = readRequirements(
      `flask==3.0 \\\n    --hash=sha256:${digest} \\\n    --hash=sha256:${digest.replaceAll('a', 'B')}\nclick==8 --hash=md9:abc\n`,
    );
    expect(mainOf(input)[0]?.hashes).toEqual([`sha256:${digest}`, `sha256:${'b'.repeat(64)}`]);
    expect(codesOf(input.warnings)).toEqual([
      'unknown-hash requirements.txt:4 warning',
      'missing-hash requirements.txt:4 warning',
    ]);
  });
});

describe('what pip refuses', () => {
  it('is told of hashes without a pin, and of constraints with extras', () => {
    const hash = `--hash=sha256:${'a'.repeat(64)}`;
    const input = readRequirements({
      'requirements.txt': `flask>=3 ${hash}\nclick==8 ${hash}\n-c limits.txt\n`,
      'limits.txt': 'flask[async]<4\nclick<9\n',
    });
    expect(codesOf(input.warnings)).toEqual([
      'constraint-extras limits.txt:1 warning',
      'unpinned-hash requirements.txt:1 warning',
    ]);
  });
});

describe('environment variables', () => {
  it('uses their values and shows them nowhere', () => {
    const input = readRequirements(
      '--index-url https://${USER}:${TOKEN}@index.test/simple\nx @ https://${TOKEN}@files.test/x-1.0-py3-none-any.whl\n',
      {
        variables: { USER: 'bob', TOKEN: 's3cret' },
      },
    );
    expect(input.options.indexUrl).toBe('https://bob:s3cret@index.test/simple');
    expect(mainOf(input)[0]?.requirement.url).toBe(
      'https://s3cret@files.test/x-1.0-py3-none-any.whl',
    );
    expect(JSON.stringify([input.warnings, rawsOf(input)])).not.toContain('s3cret');
  });

  it('leaves unset ones and lower case ones as they are', () => {
    const input = readRequirements('-i https://${NOPE}@index.test/$HOME/${home}\n', {
      variables: { HOME: '/home/bob', home: 'x' },
    });
    expect(input.options.indexUrl).toBe('https://${NOPE}@index.test/$HOME/${home}');
    expect(input.warnings.map(({ code }) => code)).toEqual(['unset-variable']);
  });
});

describe('addresses and paths', () => {
  it('tells version control, addresses, files and folders apart', () => {
    const input = readRequirements({
      'requirements.txt':
        'git+https://files.test/owner/tool.git@v1#egg=tool\nhttps://files.test/lib-1.2-py3-none-any.whl\n./wheels/local_one-1.0-py3-none-any.whl\n-e ./shared[cli]\nplain @ file:wheels/plain-2.0.tar.gz ; python_version > "3.8"\n',
      'wheels/local_one-1.0-py3-none-any.whl': 'PK',
      'wheels/plain-2.0.tar.gz': 'x',
      'shared/pyproject.toml': '[project]\nname = "shared"\n',
    });
    expect(
      mainOf(input).map(({ requirement, source, editable }) => [
        requirement.name,
        source,
        requirement.url,
        editable,
      ]),
    ).toEqual([
      ['tool', 'vcs', 'git+https://files.test/owner/tool.git@v1#egg=tool', false],
      ['lib', 'url', 'https://files.test/lib-1.2-py3-none-any.whl', false],
      ['local-one', 'local', 'file:wheels/local_one-1.0-py3-none-any.whl', false],
      ['shared', 'local', 'file:shared', true],
      ['plain', 'local', 'file:wheels/plain-2.0.tar.gz', false],
    ]);
    expect(mainOf(input)[3]?.requirement.extras).toEqual(['cli']);
    expect(mainOf(input)[4]?.requirement.markerText).toContain('python_version');
    expect(input.warnings.map(({ code }) => code)).toEqual(['vcs-requirement', 'unnamed-url']);
  });

  it('guesses the name of a repository and says that it is guessed', () => {
    const input = readRequirements('git+https://files.test/owner/dllogger\n');
    expect(mainOf(input)[0]?.requirement.name).toBe('dllogger');
    expect(input.warnings.map(({ code }) => code)).toEqual(['vcs-requirement', 'guessed-name']);
  });

  it('keeps credentials for the request and out of what is shown', () => {
    const input = readRequirements('x @ https://bob:hunter2@files.test/x-1.0-py3-none-any.whl\n');
    expect(mainOf(input)[0]?.requirement.url).toContain('hunter2');
    expect(rawsOf(input)).toEqual(['x @ https://****@files.test/x-1.0-py3-none-any.whl']);
  });

  it('refuses paths that lead nowhere, and leaves out what lies outside', () => {
    const input = readRequirements(
      './gone\nfx/http\n-e ../other\n../x\nC:\\wheels\\a-1-py3-none-any.whl\nflask\n',
    );
    expect(rawsOf(input)).toEqual(['flask']);
    expect(codesOf(input.warnings)).toEqual([
      'invalid-requirement requirements.txt:1 error',
      'invalid-requirement requirements.txt:2 error',
      'outside-repository requirements.txt:3 warning',
      'outside-repository requirements.txt:4 error',
      'local-path requirements.txt:5 warning',
    ]);
    expect(input.groups[0]?.partial).toBe(true);
  });

  it("warns of addresses in this machine's own network", () => {
    const input = readRequirements('x @ http://169.254.169.254/latest/meta-data/\n');
    expect(input.warnings.map(({ code }) => code)).toEqual(['link-local-address']);
  });
});

describe('includes', () => {
  it('follows them relative to the including file, each file once', () => {
    const input = readRequirements({
      'requirements/dev.txt': '-r base.txt\n--requirement=../extra.txt\n-rbase2.txt\npytest\n',
      'requirements/base.txt': 'flask\n',
      'requirements/base2.txt': '-r base.txt\nclick\n',
      'extra.txt': 'numpy\n',
    });
    expect(placesOf(input)).toEqual([
      'requirements/base.txt:1:1 flask',
      'extra.txt:1:1 numpy',
      'requirements/base2.txt:2:1 click',
      'requirements/dev.txt:4:1 pytest',
    ]);
    expect(input.includes).toEqual([
      'requirements/base.txt',
      'extra.txt',
      'requirements/base2.txt',
    ]);
    expect(input.warnings).toEqual([]);
  });

  it('reads constraints apart, with what they include', () => {
    const input = readRequirements({
      'requirements.txt': '-c limits.txt\nflask\n',
      'limits.txt': '-r more.txt\nclick<9\n',
      'more.txt': 'jinja2<4\n',
    });
    expect(rawsOf(input)).toEqual(['flask']);
    expect(input.constraints.map(({ raw }) => raw)).toEqual(['jinja2<4', 'click<9']);
    expect(input.includes).toEqual([]);
  });

  it('reads a file as constraints and as requirements where both name it', () => {
    const input = readRequirements({
      'requirements.txt': '-c pins.txt\n-r pins.txt\n',
      'pins.txt': 'flask==3\n',
    });
    expect([rawsOf(input), input.constraints.map(({ raw }) => raw)]).toEqual([
      ['flask==3'],
      ['flask==3'],
    ]);
  });

  it.each([
    ['itself', { 'requirements.txt': 'flask\n-r requirements.txt\n' }, 'requirements.txt:2'],
    [
      'itself by dots',
      { 'requirements.txt': '-r ./sub/../requirements.txt\nflask\n', 'sub/x.txt': '' },
      'requirements.txt:1',
    ],
    [
      'a circle of two',
      { 'requirements.txt': '-r b.txt\nflask\n', 'b.txt': '-r requirements.txt\n' },
      'b.txt:1',
    ],
  ])('ends at %s', (_, files, place) => {
    const input = readRequirements(files);
    expect(rawsOf(input)).toEqual(['flask']);
    expect(codesOf(input.warnings)).toEqual([`include-cycle ${place} error`]);
  });

  it('does the work of each file once, however often it is included', () => {
    const files: Record<string, string> = { 'requirements.txt': '-r f0.txt\n' };
    for (let index = 0; index < 30; index++)
      files[`f${index}.txt`] = `-r f${index + 1}.txt\n-r f${index + 1}.txt\n`;
    files['f30.txt'] = 'flask\n';
    const input = readRequirements(files);
    expect(rawsOf(input)).toEqual(['flask']);
    expect(codesOf(input.warnings)).toContain('repeated-include f0.txt:2 warning');
  });

  it('names the line of an include that cannot be read, and goes on', () => {
    const input = readRequirements({
      'requirements.txt':
        '-r gone.txt\n-r sub\n-r /etc/passwd\n-r https://files.test/more.txt\n-r\nflask\n',
      'sub/x': '',
    });
    expect(rawsOf(input)).toEqual(['flask']);
    expect(codesOf(input.warnings)).toEqual([
      'unreadable-include requirements.txt:1 error',
      'unreadable-include requirements.txt:2 error',
      'outside-repository requirements.txt:3 warning',
      'remote-include requirements.txt:4 warning',
      'unknown-option requirements.txt:5 warning',
    ]);
    expect(input.warnings[0]?.message).toContain('gone.txt');
  });
});

describe('a list of which something could not be read', () => {
  it.each([
    ['-r https://files.test/more.txt\n', true],
    ['-r gone.txt\n', true],
    ['fx web\n', true],
    ['-r more.txt\n', true],
    ['-c https://files.test/pins.txt\n', undefined],
    ['-c gone.txt\n', undefined],
    ['--frobnicate\nflask\n', undefined],
  ])('%j is partial: %s', (text, partial) => {
    const input = readRequirements({ 'requirements.txt': text, 'more.txt': '-r gone.txt\n' });
    expect(input.groups[0]?.partial).toBe(partial);
  });
});

describe('compiled files and outputs', () => {
  it('knows the sources that pip-compile and uv write into the header', () => {
    const header = (command: string): string =>
      `#\n# This file is autogenerated by pip-compile with Python 3.11\n# by the following command:\n#\n#    ${command}\n#\nflask==3.0\n    # via -r main.in\n`;
    const compiled = readRequirements({
      'requirements/main.txt': header(
        'pip-compile --output-file=requirements/main.txt --strip-extras requirements/main.in',
      ),
    });
    expect(compiled.compiledFrom).toContain('requirements/main.in');
    const uv = readRequirements(
      '# This file was autogenerated by uv via the following command:\n#    uv pip compile pyproject.toml -o requirements.txt\nflask==3.0\n',
    );
    expect(uv.compiledFrom).toEqual(['pyproject.toml']);
  });

  it.each([
    'uv export --frozen -o requirements.txt',
    'poetry export -f x',
    'pdm export',
    'pipenv requirements',
  ])('takes the manifest beside it for the source of `%s`', (command) => {
    const text = `# This file was autogenerated by\n#    ${command}\nflask==3.0\n`;
    expect(readRequirements(text).compiledFrom).toContain('pyproject.toml');
  });

  it('knows a compiled file by its via comments alone', () => {
    expect(readRequirements('flask==3.0\n    # via app\n').compiledFrom).toEqual([]);
    expect(readRequirements('flask==3.0  # we go via proxy\n').compiledFrom).toBeUndefined();
  });

  it('knows its own output by the header', () => {
    expect(readRequirements('# Written by depweight split\nflask\n').writtenByDepweight).toBe(true);
    expect(readRequirements('flask\n# Written by depweight\n').writtenByDepweight).toBe(false);
  });
});

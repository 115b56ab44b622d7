import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planSplits } from '../../src/edit/plan-splits.ts';
import { normalizeName } from '../../src/pep/name.ts';
import { declaration, names, weighedGraph } from '../support/weighed-graph.ts';
import { body, requestOf, split } from './support.ts';

const track = `# Web framework
fastapi==0.104.1
uvicorn[standard]==0.24.0  # runs it

# Audio
librosa==0.10.1
torch==2.1.0  # remove me with my line
torchaudio==2.1.0

# Testing
pytest==7.4.3
pytest-cov==4.1.0 \\
    --hash=sha256:aa
`;
const asked = { unused: ['torch', 'torchaudio'], developmentOnly: ['pytest', 'pytest-cov'] };

describe('requirements-prod.txt', () => {
  test('has all lines but the unused and those for development, comments and order kept', () => {
    expect(body(split(track, asked).prod)).toBe(`# Web framework
fastapi==0.104.1
uvicorn[standard]==0.24.0  # runs it

# Audio
librosa==0.10.1
`);
  });

  test('says in its first line from what it was made and how to renew it, without a date', () => {
    expect(split(track, asked).prod?.content.split('\n').slice(0, 2)).toEqual([
      '# Written by depweight from requirements.txt. To renew it: depweight split --write',
      '',
    ]);
  });

  test('is written even where nothing goes, byte for byte', () => {
    const text =
      '# top\nfx-http==2.1.0  # why\n\n-i https://index.test/simple\nfx-web \\\n   >=1\n';
    const proposals = split(text);
    expect(body(proposals.prod)).toBe(text);
    expect(Object.keys(proposals)).toEqual(['prod']);
  });

  test('tells the totals of what stays and the lines that went', () => {
    const { prod } = split('torch\nweb\ntool\n', {
      unused: ['torch'],
      developmentOnly: ['tool'],
      invented: {
        torch: { size: 100, requires: ['cublas'] },
        cublas: { size: 50 },
        web: { size: 7 },
      },
    });
    expect(prod?.totals).toMatchObject({ packages: 1, installedBytes: 7 });
    expect(
      prod?.removed.map(({ declared, destination }) => `${declared.raw} ${destination}`),
    ).toEqual(['torch goes', 'tool moves']);
  });

  test('keeps the line ends of the source', () => {
    const { prod, dev } = split('web\r\npytest\r\ntorch\r\n', {
      unused: ['torch'],
      developmentOnly: ['pytest'],
    });
    expect(body(prod)).toBe('web\r\n');
    expect(body(dev)).toBe('-r requirements-prod.txt\r\n\r\npytest\r\n');
    expect(prod?.content).not.toMatch(/[^\r]\n/);
  });

  test('drops all lines of a name, whatever their markers', () => {
    const text = "torch==2.1; sys_platform == 'linux'\nweb\ntorch==2.0; sys_platform == 'darwin'\n";
    expect(body(split(text, { unused: ['torch'] }).prod)).toBe('web\n');
  });

  test('drops a line that only repeats another', () => {
    const request = requestOf('torch\nweb\ntorch\n', { unused: ['torch'] });
    const [prod] = planSplits({ ...request, lines: request.lines.slice(0, 2) });
    expect(body(prod)).toBe('web\n');
  });

  test('leaves lines alone that could not be read', () => {
    const request = requestOf('torch\n??? what\nweb\n'.replace('??? what\n', ''), {
      unused: ['torch'],
    });
    const primary = { path: 'requirements.txt', text: 'torch\n??? what\nweb\n' };
    const lines = [declaration('torch', 1), declaration('web', 3)];
    expect(body(planSplits({ ...request, primary, lines })[0])).toBe('??? what\nweb\n');
  });
});

describe('comments', () => {
  test('a heading stays while anything of its section stays', () => {
    expect(body(split('# ML\ntorch\nnumpy\n', { unused: ['torch'] }).prod)).toBe('# ML\nnumpy\n');
  });

  test('a heading goes with the last of its section, and the gap closes', () => {
    const text = '# Web\nweb\n\n# ML\ntorch\n\n# Data\ntable\n';
    expect(body(split(text, { unused: ['torch'] }).prod)).toBe('# Web\nweb\n\n# Data\ntable\n');
  });

  test('a comment that belongs to one requirement goes with it alone', () => {
    const text = '# for the server\nweb\n# for the model\ntorch\n# for tables\ntable\n';
    expect(body(split(text, { unused: ['torch'] }).prod)).toBe(
      '# for the server\nweb\n# for tables\ntable\n',
    );
  });

  test('an annotation below its requirement goes with it', () => {
    const text = 'torch==2\n    # via -r requirements.in\nweb==1\n    # via -r requirements.in\n';
    expect(body(split(text, { unused: ['torch'] }).prod)).toBe(
      'web==1\n    # via -r requirements.in\n',
    );
  });

  test('a banner over a section goes with its last paragraph', () => {
    const text = '# == Web ==\n\nweb\n\n# == ML ==\n\ntorch\n\naudio\n\n# == End ==\n';
    expect(body(split(text, { unused: ['torch'] }).prod)).toContain('# == ML ==\n\naudio');
    expect(body(split(text, { unused: ['torch', 'audio'] }).prod)).toBe(
      '# == Web ==\n\nweb\n\n# == End ==\n',
    );
  });

  test('an option in a section keeps its heading', () => {
    const text = '# ML\n--extra-index-url https://index.test/cpu\ntorch\n\nweb\n';
    expect(body(split(text, { unused: ['torch'] }).prod)).toBe(
      '# ML\n--extra-index-url https://index.test/cpu\n\nweb\n',
    );
  });

  test('a comment at the end stays, as it speaks of nothing that goes', () => {
    expect(body(split('web\ntorch\n# end\n', { unused: ['torch'] }).prod)).toBe('web\n# end\n');
  });
});

describe('requirements-dev.txt', () => {
  test('starts with the production file, then has what moves with its comments and hashes', () => {
    expect(body(split(track, asked).dev)).toBe(`-r requirements-prod.txt

# Testing
pytest==7.4.3
pytest-cov==4.1.0 \\
    --hash=sha256:aa
`);
  });

  test('weighs both, without the unused', () => {
    const { dev } = split(track, { ...asked, invented: { torch: { size: 100 } } });
    expect(dev?.totals.packages).toBe(5);
    expect(dev?.held.names).not.toContain('torch');
  });

  test('is resolved as one text without includes', () => {
    expect(split('web\npytest\n', { developmentOnly: ['pytest'] }).dev?.resolvable).toBe(
      'web\npytest\n',
    );
  });

  test('takes over what a hand-written one says, once, without its include of the source', () => {
    const { dev } = split('web\npytest==7\n', {
      developmentOnly: ['pytest'],
      more: {
        development: {
          path: 'requirements-dev.txt',
          text: '# all of the product\n-r requirements.txt\n\n# style\nblack==24\npytest==7\n-r docs.txt\n',
        },
      },
    });
    expect(body(dev)).toBe(
      '-r requirements-prod.txt\n\npytest==7\n\n# Kept from the requirements-dev.txt that stood here\n# style\nblack==24\n-r docs.txt\n',
    );
  });

  test('is not written when nothing moves', () => {
    expect(split('web\ntorch\n', { unused: ['torch'] }).dev).toBeUndefined();
  });
});

describe('included files', () => {
  test('stay a line where nothing in them changes', () => {
    const text = '-r base.txt\ntorch\n';
    const { prod } = split(text, { unused: ['torch'], included: { 'base.txt': 'web\n' } });
    expect(body(prod)).toBe('-r base.txt\n');
  });

  test('take the place of the line where something in them goes', () => {
    const text = '# base\n-r base.txt\n\ntable\n';
    const { prod } = split(text, { unused: ['torch'], included: { 'base.txt': 'web\ntorch' } });
    expect(body(prod)).toBe('web\n\ntable\n');
  });

  test('are taken in when a proposal would overwrite them, through any number of files', () => {
    const { prod, dev } = split('# see dev\n-r requirements-dev.txt\n', {
      developmentOnly: ['pytest'],
      unused: ['inotify'],
      included: {
        'requirements-dev.txt': '# product\n-r requirements-prod.txt\n\n# tests\npytest\n',
        'requirements-prod.txt': '# core\nwatchdog\ninotify\n',
      },
    });
    expect(body(prod)).toBe('# core\nwatchdog\n');
    expect(body(dev)).toBe('-r requirements-prod.txt\n\n# tests\npytest\n');
  });

  test('reached twice or in a circle count once', () => {
    const { prod } = split('-r a.txt\n-r b.txt\n', {
      unused: ['torch'],
      included: { 'a.txt': 'torch\nweb\n-r b.txt\n', 'b.txt': 'table\n-r a.txt\n' },
    });
    expect(body(prod)?.match(/web/g)).toHaveLength(1);
    expect(body(prod)?.match(/table/g)).toHaveLength(1);
    expect(body(prod)).not.toContain('torch');
  });

  test('in another folder have their own paths rewritten', () => {
    const { prod } = split('-r sub/base.txt\n', {
      unused: ['torch'],
      included: { 'sub/base.txt': 'torch\nweb\n-c caps.txt\n-r ../other.txt\n' },
    });
    expect(body(prod)).toBe('web\n-c sub/caps.txt\n-r other.txt\n');
  });

  test('with other line ends take those of the file', () => {
    const { prod } = split('a\r\n-r base.txt\r\nb', {
      unused: ['torch'],
      included: { 'base.txt': 'torch\nweb\n' },
    });
    expect(body(prod)).toBe('a\r\nweb\r\nb\r\n');
  });
});

describe('a compiled file', () => {
  const text = `#
#    pip-compile requirements.in
#
cublas==12
    # via torch
numpy==1.26
    # via
    #   table
    #   torch
pluggy==1
    # via pytest
pytest==7
    # via -r requirements.in
table==2
    # via -r requirements.in
torch==2.1
    # via -r requirements.in
`;
  const compiled = split(text, {
    unused: ['torch'],
    developmentOnly: ['pytest'],
    invented: {
      torch: { requires: ['cublas', 'numpy'] },
      table: { requires: ['numpy'] },
      pytest: { requires: ['pluggy'] },
    },
    more: { compiledFor: new Set(names('torch', 'table', 'pytest')) },
  });

  test('loses the pins that only the removed needed, and keeps shared ones', () => {
    expect(body(compiled.prod)?.match(/^\S.*==.*/gm)).toEqual(['numpy==1.26', 'table==2']);
    expect(compiled.prod?.held.names).toEqual(new Set(['numpy', 'table']));
  });

  test('moves the pins that only what moves needs', () => {
    expect(body(compiled.dev)?.match(/^\S.*==.*/gm)).toEqual(['pluggy==1', 'pytest==7']);
  });
});

describe('a project that declares in pyproject.toml', () => {
  const lines = [
    declaration('fastapi>=0.104', 8, 'pyproject.toml'),
    declaration('torch==2.1.0', 9, 'pyproject.toml'),
    declaration('httpx>=0.27,<1', 10, 'pyproject.toml', { raw: '^0.27' }),
    declaration('pytest', 11, 'pyproject.toml'),
  ];
  const { prod, dev } = split('', {
    path: 'pyproject.toml',
    unused: ['torch'],
    developmentOnly: ['pytest'],
    more: {
      style: 'declared-strings',
      lines,
      graph: weighedGraph(['fastapi', 'torch', 'httpx', 'pytest'], {
        fastapi: {},
        torch: {},
        httpx: {},
        pytest: {},
      }),
    },
  });

  test('gets its declared strings, a line each, and those of poetry as requirements', () => {
    expect(body(prod)).toBe('fastapi>=0.104\nhttpx<1,>=0.27\n');
    expect(body(dev)).toBe('-r requirements-prod.txt\n\npytest\n');
  });

  test('is told of the places in pyproject.toml', () => {
    expect(prod?.removed.map(({ declared }) => declared.location.line)).toEqual([9, 11]);
    expect(prod?.content).toContain('from pyproject.toml.');
  });
});

describe('requirements-slim.txt', () => {
  const slim = (replacements: readonly { name: string; text: string | null }[]): unknown => {
    const request = requestOf('# web\nuvicorn[standard]==1\ntable\n');
    const graph = weighedGraph(['uvicorn', 'table'], { uvicorn: { size: 3 }, table: {} });
    const made = split(request.primary.text, {
      more: {
        slim: {
          graph,
          options: [],
          replacements: replacements.map(({ name, text }) => ({ name: normalizeName(name), text })),
        },
      },
    });
    return made.slim && [body(made.slim), made.slim.totals.installedBytes];
  };

  test('is the production file with each remedy applied', () => {
    expect(slim([{ name: 'uvicorn', text: 'uvicorn==1' }])).toEqual([
      '# web\nuvicorn==1\ntable\n',
      4,
    ]);
    expect(slim([{ name: 'table', text: null }])).toEqual(['# web\nuvicorn[standard]==1\n', 4]);
  });

  test('is not written where no remedy applies', () => {
    expect(slim([])).toBeUndefined();
    expect(slim([{ name: 'absent', text: 'x' }])).toBeUndefined();
  });
});

describe('files', () => {
  test('lie beside the source', () => {
    const { prod } = split('web\n', { path: 'service/requirements.txt' });
    expect(prod?.file).toBe('service/requirements-prod.txt');
  });

  test('are UTF-8: a byte order mark and a declaration of another encoding are left out', () => {
    const text = '\uFEFF# -*- coding: latin-1 -*-\n# caf\u00e9\nweb\n';
    expect(body(split(text).prod)).toBe('# caf\u00e9\nweb\n');
  });

  test('are the same bytes when made again from the same source', () => {
    const first = split(track, asked);
    const second = split(track, asked);
    expect(second.prod?.content).toBe(first.prod?.content);
    expect(second.dev?.content).toBe(first.dev?.content);
  });

  test('an own output that the source includes gives its lines, not its header', () => {
    const written = split('web\npytest\n', { developmentOnly: ['pytest'] });
    const again = split('-r requirements-dev.txt\n', {
      developmentOnly: ['pytest'],
      included: {
        'requirements-dev.txt': written.dev?.content ?? '',
        'requirements-prod.txt': written.prod?.content ?? '',
      },
    });
    expect(again.prod?.content).toBe(written.prod?.content);
    expect(body(again.dev)).toBe(body(written.dev));
  });
});

test('every requirement ends up in exactly one place, unchanged and in order', () => {
  const line = fc.record({
    kind: fc.constantFrom('keep', 'move', 'drop', 'comment', 'blank', 'option', 'via'),
    pinned: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(line, { maxLength: 25 }), fc.constantFrom('\n', '\r\n'), (lines, end) => {
      const texts = lines.map(({ kind, pinned }, i) => {
        if (kind === 'blank') return '';
        if (kind === 'comment') return `# note ${i}`;
        if (kind === 'via') return `    # via ${i}`;
        if (kind === 'option') return `--find-links https://index.test/${i}`;
        return pinned
          ? `p${i}==1 \\${end}    --hash=sha256:a${i}  # why ${i}`
          : `p${i}>=1  # why ${i}`;
      });
      const named = (wanted: string): string[] =>
        lines.flatMap(({ kind }, i) => (kind === wanted ? [`p${i}`] : []));
      const made = split(texts.map((text) => text + end).join(''), {
        unused: named('drop'),
        developmentOnly: named('move'),
      });
      const found = (text: string | undefined): string[] => text?.match(/^p\d+/gm) ?? [];
      const prod = body(made.prod) ?? '';
      const dev = body(made.dev) ?? '';
      expect(found(prod)).toEqual(named('keep'));
      expect(found(dev)).toEqual(named('move'));
      lines.forEach(({ kind }, i) => {
        const text = `${texts[i]}${end}`;
        if (kind === 'keep' || kind === 'option') expect(prod).toContain(text);
        if (kind === 'move') expect(dev).toContain(text);
        if (kind === 'option') expect(dev).not.toContain(text);
      });
      if (named('drop').length + named('move').length === 0) {
        expect(prod).toBe(texts.map((text) => text + end).join(''));
      }
    }),
    { numRuns: 300 },
  );
});

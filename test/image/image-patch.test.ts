import { describe, expect, test } from 'vitest';
import { imagePatch } from '../../src/image/image-patch.ts';
import { createFinding } from '../report/documents.ts';
import type { Finding, RuleName } from '../../src/types.ts';

const path = 'Dockerfile';

function finding(rule: RuleName, line: number, text: string): Finding {
  return createFinding({
    rule,
    locations: [{ path, line, column: 1 }],
    remedy: { kind: 'add', text },
  });
}

/** Lines that change, in order; null for no patch. */
function changes(text: string, findings: readonly Finding[]): readonly string[] | null {
  const patch = imagePatch(findings, { path, text });
  if (patch === null) return null;
  return patch.split('\n').filter((line) => /^[-+](?![-+]{2} )/.test(line));
}

const cache = 'add --no-cache-dir, or keep the cache outside';
const lists = 'add rm -rf /var/lib/apt/lists/* to the same RUN, or keep them outside';

describe('imagePatch', () => {
  test('adds options behind the words of each command that lacks them', () => {
    const text =
      'FROM python:3.12\nRUN pip install --no-cache-dir a && pip3 install b \\\n    && python -m pip install c\n';
    expect(changes(text, [finding('pip-cache', 2, cache), finding('pip-cache', 3, cache)])).toEqual(
      [
        '-RUN pip install --no-cache-dir a && pip3 install b \\',
        '-    && python -m pip install c',
        '+RUN pip install --no-cache-dir a && pip3 install --no-cache-dir b \\',
        '+    && python -m pip install --no-cache-dir c',
      ],
    );
  });

  test.each([
    ['apk add gcc', 'add --no-cache', 'apk add --no-cache gcc', 'apt-packages'],
    ['uv sync --frozen', 'add --no-dev', 'uv sync --no-dev --frozen', 'dev-in-image'],
    ['uv sync', 'add --no-group docs', 'uv sync --no-group docs', 'dev-in-image'],
    ['poetry install', 'add --without dev', 'poetry install --without dev', 'dev-in-image'],
  ] as const)('%s', (before, remedy, after, rule) => {
    expect(changes(`FROM x\nRUN ${before}\n`, [finding(rule, 2, remedy)])).toEqual([
      `-RUN ${before}`,
      `+RUN ${after}`,
    ]);
  });

  test('deletes the lists of apt in the same layer, and leaves the places of other findings right', () => {
    const text = 'FROM x\nRUN apt-get update && \\\n    apt-get install git\nRUN pip install a\n';
    const all = [finding('apt-packages', 2, lists), finding('pip-cache', 4, cache)];
    expect(changes(text, all)).toEqual([
      '-    apt-get install git',
      '-RUN pip install a',
      '+    apt-get install git \\',
      '+    && rm -rf /var/lib/apt/lists/*',
      '+RUN pip install --no-cache-dir a',
    ]);
  });

  test.each([
    ['a heredoc', 'RUN <<EOF\napt-get update\napt-get install -y git\nEOF'],
    ['a comment at the end', 'RUN apt-get update && apt-get install -y git # the rest'],
    [
      'a list that ends with its sign',
      'RUN set -e; apt-get update; if true; then apt-get install git; fi;',
    ],
    [
      'another sign for lines that go on',
      '# escape=`\nRUN apt-get update && `\n    apt-get install git',
    ],
  ])('has none for %s', (_, run) => {
    const text = run.startsWith('#') ? `${run.replace('\n', '\nFROM x\n')}\n` : `FROM x\n${run}\n`;
    const line = run.startsWith('#') ? 3 : 2;
    expect(changes(text, [finding('apt-packages', line, lists)])).toBeNull();
  });

  test('finds the end of an instruction that has blank lines in it', () => {
    const text =
      'FROM x\nRUN apt-get update && \\\n\n    apt-get install git && \\\n\n    echo done\n';
    expect(changes(text, [finding('apt-packages', 2, lists)])).toEqual([
      '-    echo done',
      '+    echo done \\',
      '+    && rm -rf /var/lib/apt/lists/*',
    ]);
  });

  test('keeps line ends, and lets alone what is no shell line or a matter of taste', () => {
    const ended = 'FROM x\r\nRUN apt-get update\r\n';
    expect(imagePatch([finding('apt-packages', 2, lists)], { path, text: ended })).toContain(
      '+RUN apt-get update \\\r\n+    && rm -rf /var/lib/apt/lists/*\r\n',
    );
    const array = 'FROM x\nRUN ["apt-get", "update"]\n';
    expect(changes(array, [finding('apt-packages', 2, lists)])).toBeNull();
    const heredoc = 'FROM x\nRUN <<EOF\napt-get update\nEOF\n';
    expect(changes(heredoc, [finding('apt-packages', 2, lists)])).toBeNull();
    const compiled = 'FROM x\nRUN pip install a\n';
    expect(
      changes(compiled, [finding('compiled-bytecode', 2, 'add --no-compile where')]),
    ).toBeNull();
    const elsewhere = {
      ...finding('pip-cache', 2, cache),
      locations: [{ path: 'run.sh', line: 2, column: 1 }],
    };
    expect(changes(compiled, [elsewhere])).toBeNull();
  });
});

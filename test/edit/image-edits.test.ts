import { describe, expect, test } from 'vitest';
import { dockerfileDiff } from '../../src/edit/image-edits.ts';
import { parseDockerignore } from '../../src/image/dockerignore.ts';
import { parseDockerfile } from '../../src/target/dockerfile.ts';
import { readProductImage } from '../../src/target/product-image.ts';

interface Around {
  readonly ignored?: string;
  readonly isReadByBuild?: boolean;
  readonly from?: string;
}

/** Lines that change, in order; null for no patch. Every command that names a requirements file installs `from`. */
function changes(
  run: string,
  { ignored = '', isReadByBuild = false, from = 'requirements.txt' }: Around = {},
): readonly string[] | null {
  const text = `FROM python:3.12\n${run}\nCMD ["python", "app.py"]\n`;
  const path = 'Dockerfile';
  const image = readProductImage(parseDockerfile(path, text));
  if (image === null) throw new Error('this is no image');
  const steps = image.installs.flatMap(({ line, script, requirementFiles }, command) =>
    requirementFiles.map(() => ({ line, script, command, path: from, withMain: true, groups: [] })),
  );
  const ignore = parseDockerignore(ignored);
  const diff = dockerfileDiff({
    image,
    steps,
    from,
    to: from.replace(/\.txt$/, '-prod.txt'),
    text,
    isReadByBuild,
    isIgnored: (_, one) => ignore.ignores(one),
  });
  if (diff === null) return null;
  return diff.split('\n').filter((line) => /^[-+](?![-+])/.test(line));
}

describe('dockerfileDiff', () => {
  test('names the new file where it is copied and where it is installed', () => {
    expect(
      changes('COPY requirements.txt /tmp/\nRUN pip install -r /tmp/requirements.txt'),
    ).toEqual([
      '-COPY requirements.txt /tmp/',
      '-RUN pip install -r /tmp/requirements.txt',
      '+COPY requirements-prod.txt /tmp/',
      '+RUN pip install -r /tmp/requirements-prod.txt',
    ]);
  });

  test('leaves the rest of a long instruction alone', () => {
    const run =
      'COPY . .\nRUN apt-get update && \\\n    # then\n    pip install --no-cache-dir --requirement=./requirements.txt';
    expect(changes(run)).toEqual([
      '-    pip install --no-cache-dir --requirement=./requirements.txt',
      '+    pip install --no-cache-dir --requirement=./requirements-prod.txt',
    ]);
  });

  test('keeps the name that a copy gives the file, and that of a mount alone changes at its source', () => {
    expect(
      changes('COPY requirements.txt /tmp/deps.txt\nRUN pip install -r /tmp/deps.txt'),
    ).toEqual([
      '-COPY requirements.txt /tmp/deps.txt',
      '+COPY requirements-prod.txt /tmp/deps.txt',
    ]);
    const mount =
      'RUN --mount=type=bind,source=requirements.txt,target=/deps.txt pip install -r /deps.txt';
    expect(changes(mount)).toEqual([
      `-${mount}`,
      `+${mount.replace('requirements', 'requirements-prod')}`,
    ]);
  });

  test('copies both where a build of the project may read the old one', () => {
    const run =
      'COPY requirements.txt setup.py .\nRUN pip install -r requirements.txt && pip install -e .';
    expect(changes(run, { isReadByBuild: true })).toEqual([
      '-COPY requirements.txt setup.py .',
      '-RUN pip install -r requirements.txt && pip install -e .',
      '+COPY requirements.txt requirements-prod.txt setup.py ./',
      '+RUN pip install -r requirements-prod.txt && pip install -e .',
    ]);
    const [, , copy] = changes(run) ?? [];
    expect(copy).toBe('+COPY requirements-prod.txt setup.py .');
  });

  test('changes every command that installs it', () => {
    const run = 'COPY . .\nRUN pip wheel -r requirements.txt && pip install -r requirements.txt';
    expect(changes(run)?.at(-1)).toBe(
      '+RUN pip wheel -r requirements-prod.txt && pip install -r requirements-prod.txt',
    );
  });

  test('finds the file below the folder that the build starts from', () => {
    const run = 'COPY api/requirements.txt api/\nRUN pip install -r api/requirements.txt';
    expect(changes(run, { from: 'api/requirements.txt' })).toContain(
      '+COPY api/requirements-prod.txt api/',
    );
  });

  test.each([
    ['a file that nobody installs', 'COPY . .\nRUN pip install flask', {}],
    [
      'a new file that .dockerignore leaves out',
      'COPY requirements.txt .\nRUN pip install -r requirements.txt',
      { ignored: '*\n!requirements.txt\n' },
    ],
    [
      'another command that reads the file',
      'COPY requirements.txt .\nRUN sed -i s/a/b/ requirements.txt && pip install -r requirements.txt',
      {},
    ],
    [
      'a copy that no command reads',
      'COPY . .\nCOPY requirements.txt /srv/keep/\nRUN pip install -r requirements.txt',
      {},
    ],
    [
      'a new file that .dockerignore leaves out of the whole context',
      'COPY . .\nRUN pip install -r requirements.txt',
      { ignored: 'requirements-*.txt\n' },
    ],
    [
      'a command that is no plain text',
      'COPY . .\nRUN ["pip", "install", "-r", "requirements.txt"]',
      {},
    ],
    [
      'a name of which only a variable knows',
      'COPY . .\nENV F=requirements.txt\nRUN pip install -r $F',
      {},
    ],
  ])('has no patch for %s', (_, run, around) => {
    expect(changes(run, around)).toBeNull();
  });
});

import { describe, expect, test } from 'vitest';
import { createMemoryFiles } from '../../src/inputs/file-access.ts';
import { readRepository } from '../../src/inputs/read-project.ts';

type Files = Readonly<Record<string, string>>;

/** What production gets, each with its place, and what is said. */
async function productOf(dockerfile: string, files: Files = {}): Promise<readonly string[]> {
  const access = createMemoryFiles({ Dockerfile: `FROM python:3.12\n${dockerfile}`, ...files });
  const { projects } = await readRepository(access);
  const [product] = projects[0]?.environments ?? [];
  return [
    ...(product?.requirements ?? []).map(
      ({ raw, location }) => `${raw} ${location.path}:${location.line}`,
    ),
    ...(projects[0]?.warnings ?? []).map(({ message }) => message),
  ];
}

const install = 'RUN pip install -r /app/r.txt\n';

describe('a requirements file that a Dockerfile writes out', () => {
  test.each([
    [
      'COPY <<EOF /app/r.txt\n# web\nflask==3.0\n\nclick ; python_version > "3"  # why\nEOF\n',
      [4, 6],
    ],
    [
      'COPY <<r /app/\nflask==3.0\nclick ; python_version > "3"\nr\nRUN mv /app/r /app/r.txt\n',
      [3, 4],
    ],
    [
      'WORKDIR /app\nRUN cat > r.txt <<EOF\nflask==3.0\nclick ; python_version > "3"\nEOF\n',
      [4, 5],
    ],
    [
      'RUN cat <<-\'EOF\' > /app/r.txt && cd /\n\tflask==3.0\n\tclick ; python_version > "3"\n\tEOF\n',
      [3, 4],
    ],
    [
      'RUN mkdir /app && tee /app/r.txt <<EOF\nflask==3.0\nclick ; python_version > "3"\nEOF\n',
      [3, 4],
    ],
    [
      'RUN <<END\ncd /app\ncat > r.txt <<EOF\nflask==3.0\nclick ; python_version > "3"\nEOF\nEND\n',
      [5, 6],
    ],
    [
      `RUN cd /app && echo "flask==3.0" > r.txt && \\\n  echo 'click ; python_version > "3"' >> r.txt\n`,
      [2, 3],
    ],
    [`RUN printf 'flask==3.0\\nclick ; python_version > "3"\\n' >/app/r.txt\n`, [2, 2]],
    [`RUN printf '%s\\n' flask==3.0 \\\n  'click ; python_version > "3"' > /app/r.txt\n`, [2, 2]],
    [
      'RUN echo "flask==3.0" > /tmp/a\nRUN echo "click ; python_version > \\"3\\"" >> /tmp/a && mv /tmp/a /app/r.txt\n',
      [2, 3],
    ],
  ])('is read with the lines of the Dockerfile: %s', async (dockerfile, [first, second]) => {
    expect(await productOf(dockerfile + install)).toEqual([
      `flask==3.0 Dockerfile:${first}`,
      `click ; python_version > "3" Dockerfile:${second}`,
    ]);
  });

  test('may name an index, other files, constraints and projects', async () => {
    const files = {
      'base.txt': 'click\n',
      'pyproject.toml': '[project]\nname="x"\ndependencies=["six"]\n',
    };
    const heredoc =
      'COPY . /app\nCOPY <<EOF /app/r.txt\n--index-url https://index.test/simple\n-r base.txt\nflask>=3 --hash=sha256:00\n-e /app\nEOF\n';
    expect(await productOf(heredoc + install, files)).toEqual([
      'click base.txt:1',
      'six pyproject.toml:3',
      'flask>=3 Dockerfile:6',
    ]);
  });

  test('is taken from the stage that writes it, and by a pipe of its own', async () => {
    const stages =
      'RUN echo flask > /r.txt\nFROM python:3.12\nCOPY --from=0 /r.txt /app/\nRUN pip install -r /app/r.txt\n';
    expect(await productOf(stages)).toEqual(['flask Dockerfile:2']);
    const fed = 'RUN pip install -r /dev/stdin <<EOF\nflask\nEOF\n';
    expect(await productOf(fed)).toEqual(['flask Dockerfile:3']);
  });

  test('has variables filled in where its word is not quoted', async () => {
    const heredoc = (word: string): string =>
      `ARG V=3.0\nCOPY <<${word} /app/r.txt\nflask==$V\nclick\nEOF\n`;
    expect(await productOf(heredoc('EOF') + install)).toEqual([
      'flask==3.0 Dockerfile:4',
      'click Dockerfile:5',
    ]);
    const [click, said] = await productOf(`${heredoc('"EOF"')}${install}`);
    expect(click).toBe('click Dockerfile:5');
    expect(said).toContain('`flask==$V` is installed here, which could not be followed');
  });

  test('has the lines of what is copied where they are added to it', async () => {
    const files = { 'r.txt': 'flask\n' };
    const copy = 'COPY r.txt /app/\n';
    const added = `${copy}RUN echo gunicorn >> /app/r.txt\n`;
    expect(await productOf(added + install, files)).toEqual([
      'flask r.txt:1',
      'gunicorn Dockerfile:3',
    ]);
    const written = `${copy}RUN echo gunicorn > /app/r.txt\n`;
    expect(await productOf(written + install, files)).toEqual(['gunicorn Dockerfile:3']);
    const late = `RUN echo gunicorn > /app/r.txt\n${copy}`;
    expect(await productOf(late + install, files)).toEqual(['flask r.txt:1']);
  });

  test('is not guessed where another program writes it', async () => {
    for (const run of [
      'pip freeze > /app/r.txt',
      'echo x | sort > /app/r.txt',
      'printf %d 1 > /app/r.txt',
    ])
      expect(await productOf(`RUN ${run}\n${install}`)).toEqual([]);
    const both = `RUN pip freeze > /app/r.txt && echo flask >> /app/r.txt\n`;
    expect(await productOf(both + install)).toEqual(['flask Dockerfile:2']);
  });

  test('that a command writes for another program is no command', async () => {
    const script =
      'RUN <<END\ncat > /run.sh <<EOF\npip install flask\nEOF\npip install click\nEND\n';
    expect(await productOf(script)).toEqual(['click Dockerfile:6']);
  });
});

import { describe, expect, test } from 'vitest';
import { createMemoryFiles } from '../../src/inputs/file-access.ts';
import { findBuildContext } from '../../src/target/build-context.ts';
import { readImages } from '../../src/target/hints.ts';
import { auditFiles, serveFor } from '../support/audit-files.ts';

const head = 'FROM python:3.12\nWORKDIR /app\n';

async function contextOf(
  dockerfile: string,
  beside: readonly string[],
  path = 'docker/api/Dockerfile',
): Promise<string> {
  const files = Object.fromEntries(beside.map((name) => [name, 'x\n']));
  const access = createMemoryFiles({ ...files, [path]: dockerfile });
  const [image] = (await readImages(access, [path])).images;
  if (image === undefined) throw new Error('no image');
  return findBuildContext(image, (one) => access.read(one).ok || access.list(one).ok);
}

describe('the folder that a build starts from', () => {
  test.each([
    [
      'its own',
      'COPY requirements.txt src/ ./\n',
      ['docker/api/requirements.txt', 'docker/api/src/a.py'],
      'docker/api',
    ],
    [
      'the one above',
      'COPY api/*.txt start.sh ./\n',
      ['docker/api/r.txt', 'docker/start.sh'],
      'docker',
    ],
    [
      'the top',
      'COPY ./docker/api/start.sh /\nCOPY app app\n',
      ['docker/api/start.sh', 'app/a.py'],
      '.',
    ],
    [
      'that of what is installed',
      'COPY . .\nRUN pip install -r requirements.txt\n',
      ['requirements.txt'],
      '.',
    ],
    [
      'that of the project',
      'COPY . .\nRUN uv sync\n',
      ['docker/pyproject.toml', 'docker/api/x'],
      'docker',
    ],
    [
      'the nearest of several',
      'COPY requirements.txt .\n',
      ['requirements.txt', 'docker/api/requirements.txt'],
      'docker/api',
    ],
    [
      'its own where nothing tells',
      'ADD https://index.test/x.tar.gz /\nCOPY ${A} .\nCOPY --from=x /y /y\n',
      ['y'],
      'docker/api',
    ],
  ])('is %s', async (_, commands, beside, context) => {
    expect(await contextOf(`${head}${commands}`, beside)).toBe(context);
  });

  test('is the one that a compose file names', async () => {
    const files = {
      'compose.yml':
        'services:\n  a:\n    build: {context: lib, dockerfile: ../docker/Dockerfile}\n',
      'docker/Dockerfile': `${head}COPY requirements.txt .\nRUN pip install -r requirements.txt\n`,
      'docker/requirements.txt': 'flask\n',
      'lib/requirements.txt': 'django\n',
    };
    const [image] = (await readImages(createMemoryFiles(files), ['docker/Dockerfile'])).images;
    expect(image?.context).toBe('lib');
  });
});

describe('a Dockerfile that is named', () => {
  const files = {
    Dockerfile: `${head}COPY . .\nRUN pip install -r requirements.txt\nCMD ["gunicorn", "app:app"]\n`,
    'docker/Dockerfile.cpu': `${head}COPY requirements.txt app.py ./\nRUN pip install -r requirements.txt\nCMD ["uvicorn", "app:app"]\n`,
    'requirements.txt': 'flask\ngunicorn\nuvicorn\n',
    'app.py': 'import flask\n',
  };
  const universe = ['flask', 'gunicorn', 'uvicorn'].map((name) => ({
    name,
    version: '1.0',
    files: [{ entryPoints: `[console_scripts]\n${name} = ${name}:main\n` }],
  }));
  const verdicts = async (path: string): Promise<readonly (readonly string[])[]> => {
    const { declared } = await auditFiles(files, await serveFor(universe), { path });
    return declared.map(({ name, verdict, evidence: [first] }) => [
      name,
      verdict,
      first === undefined ? '' : `${first.path}:${first.line}`,
    ]);
  };

  test('is used by what is in its folder, and by what it runs itself', async () => {
    expect(await verdicts('docker/Dockerfile.cpu')).toEqual([
      ['flask', 'used', 'app.py:1'],
      ['gunicorn', 'unused', expect.any(String)],
      ['uvicorn', 'used', 'docker/Dockerfile.cpu:5'],
    ]);
    expect(await verdicts('Dockerfile')).toEqual([
      ['flask', 'used', 'app.py:1'],
      ['gunicorn', 'used', 'Dockerfile:5'],
      ['uvicorn', 'unused', expect.any(String)],
    ]);
  });
});

import { describe, expect, test } from 'vitest';
import { createMemoryFiles } from '../../src/inputs/file-access.ts';
import type { ProjectInputs } from '../../src/inputs/project.ts';
import { readNamedFile } from '../../src/inputs/read-named-file.ts';
import { readRepository } from '../../src/inputs/read-project.ts';
import { report } from '../../src/report/terminal.ts';
import { auditFiles, serveFor } from '../support/audit-files.ts';

type Files = Readonly<Record<string, string>>;

async function projectOf(files: Files, path = '.'): Promise<ProjectInputs> {
  const access = createMemoryFiles(files);
  const { projects } =
    path === '.' ? await readRepository(access) : await readNamedFile(access, path);
  const [project] = projects;
  if (project === undefined) throw new Error('no project');
  return project;
}

async function productOf(files: Files, path = '.'): Promise<readonly string[]> {
  const { environments } = await projectOf(files, path);
  const product = environments.find(({ id }) => id === 'prod');
  return (product?.requirements ?? []).map(
    ({ raw, location }) => `${raw} ${location.path}:${location.line}`,
  );
}

const copied = 'FROM python:3.12\nCOPY . .\n';

describe('names that an image installs', () => {
  test('are of the set for production, at their own lines, beside the file that it installs', async () => {
    const files = {
      'requirements.txt': 'flask\n',
      Dockerfile: `${copied}RUN pip install -r requirements.txt\nRUN pip install --no-cache-dir \\\n    gunicorn \\\n    uvloop==0.21.0\n`,
    };
    expect(await productOf(files)).toEqual([
      'flask requirements.txt:1',
      'gunicorn Dockerfile:5',
      'uvloop==0.21.0 Dockerfile:6',
    ]);
    const { inputs, primaries, declared } = await projectOf(files);
    expect(inputs.map(({ kind }) => kind)).toEqual(['requirements-txt', 'dockerfile']);
    expect(primaries).toEqual(['requirements.txt', 'Dockerfile']);
    expect(declared.map(({ environment }) => environment)).toEqual(['prod', 'prod', 'prod']);
  });

  test('count beside what is chosen by name, where the image takes files of the repository', async () => {
    const run = 'RUN pip install gunicorn\n';
    const manifest = { 'pyproject.toml': '[project]\nname = "x"\ndependencies = ["flask"]\n' };
    expect(await productOf({ ...manifest, Dockerfile: copied + run })).toEqual([
      'flask pyproject.toml:3',
      'gunicorn Dockerfile:3',
    ]);
    expect(await productOf({ ...manifest, Dockerfile: `FROM python:3.12\n${run}` })).toEqual([
      'flask pyproject.toml:3',
    ]);
  });

  test('are all there is where no file declares anything', async () => {
    expect(await productOf({ Dockerfile: 'FROM python:3.12\nRUN pip install flask\n' })).toEqual([
      'flask Dockerfile:2',
    ]);
    const { projects } = await readRepository(
      createMemoryFiles({ Dockerfile: 'FROM node:20\nRUN npm install express\n' }),
    );
    expect(projects).toEqual([]);
  });

  test('leave out installers, archives of earlier commands, and the project by its own name', async () => {
    const files = {
      'pyproject.toml': '[project]\nname = "my-app"\ndependencies = ["flask"]\n',
      Dockerfile: `${copied}RUN pip install -U pip setuptools wheel uv && pip install "My_App[web]==1.0" dist/*.whl\n`,
    };
    expect(await productOf(files)).toEqual(['flask pyproject.toml:3']);
  });

  test('leave a lock as it is where it holds them in a version that will do', async () => {
    const lock =
      'version = 1\nrequires-python = ">=3.12"\n\n[[package]]\nname = "x"\nversion = "0"\nsource = { virtual = "." }\ndependencies = [{ name = "flask" }]\n\n[[package]]\nname = "flask"\nversion = "3.0.0"\nsource = { registry = "https://index.test/simple" }\n';
    const files = (command: string): Files => ({
      'pyproject.toml':
        '[project]\nname = "x"\nversion = "0"\nrequires-python = ">=3.12"\ndependencies = ["flask"]\n',
      'uv.lock': lock,
      Dockerfile: `${copied}RUN uv sync --no-dev\nRUN uv pip install ${command}\n`,
    });
    const lockedOf = async (command: string): Promise<boolean> => {
      const { environments } = await projectOf(files(command));
      return environments[0]?.locked !== undefined;
    };
    expect(await lockedOf('"flask>=3"')).toBe(true);
    expect(await lockedOf('gunicorn')).toBe(false);
  });

  test('that nobody can follow are told, and make the figures lower bounds', async () => {
    const project = await projectOf({
      'requirements.txt': 'flask\n',
      Dockerfile: `${copied}RUN pip install -r requirements.txt "torch==\${TORCH}"\n`,
    });
    expect(project.warnings).toMatchObject([
      { code: 'image-install-unread', path: 'Dockerfile', line: 3 },
    ]);
    expect(project.warnings[0]?.severity).toBeUndefined();
    expect(project.environments[0]?.partial).toBe(true);
  });
});

describe('the indexes of install commands', () => {
  const optionsOf = async (commands: string): Promise<unknown> => {
    const { environments } = await projectOf({
      'requirements.txt': 'flask\n',
      Dockerfile: `${copied}${commands}`,
    });
    return environments[0]?.options;
  };

  test('are the main one where all commands name it', async () => {
    expect(
      await optionsOf('RUN pip install -i https://index.test/mirror -r requirements.txt\n'),
    ).toEqual({ indexUrl: 'https://index.test/mirror' });
  });

  test('serve the names of their own command, and what those need', async () => {
    const commands =
      'RUN pip install -r requirements.txt\nRUN pip install --index-url https://index.test/cpu torch\n';
    expect(await optionsOf(commands)).toEqual({ laterIndexUrls: ['https://index.test/cpu'] });
    const { environments } = await projectOf({
      'requirements.txt': 'flask\n',
      Dockerfile: copied + commands,
    });
    expect(environments[0]?.requirements.map(({ index }) => index)).toEqual([
      null,
      'https://index.test/cpu',
    ]);
  });

  test('are asked for nothing where the name is there already', async () => {
    const { environments } = await projectOf({
      'requirements.txt': 'torch\n',
      Dockerfile: `${copied}RUN pip install -r requirements.txt\nRUN pip install --index-url https://index.test/cpu torch\n`,
    });
    expect(environments[0]?.requirements.map(({ index }) => index)).toEqual([null, null]);
  });

  test('may stand in ENV', async () => {
    const run = 'RUN pip install -r requirements.txt\n';
    expect(await optionsOf(`ENV PIP_INDEX_URL=https://index.test/mirror\n${run}`)).toEqual({
      indexUrl: 'https://index.test/mirror',
    });
    expect(await optionsOf(`ENV PIP_EXTRA_INDEX_URL="https://index.test/cpu"\n${run}`)).toEqual({
      extraIndexUrls: ['https://index.test/cpu'],
    });
    expect(await optionsOf(`ENV UV_INDEX_URL=https://index.test/x\n${run}`)).toEqual({});
  });

  test('are asked first where they are extra ones', async () => {
    expect(
      await optionsOf(
        'RUN pip install --extra-index-url https://index.test/cpu -r requirements.txt\n',
      ),
    ).toEqual({ extraIndexUrls: ['https://index.test/cpu'] });
  });
});

describe('a Dockerfile that is named', () => {
  const files = {
    'requirements.txt': 'flask\n',
    'requirements-gpu.txt': 'torch\n',
    Dockerfile: `${copied}RUN pip install -r requirements.txt\n`,
    'Dockerfile.gpu': `${copied}RUN pip install -r requirements-gpu.txt && pip install gunicorn\n`,
    'Dockerfile.dev': `${copied}RUN pip install pytest\n`,
  };

  test('says what is weighed, with the files that it installs', async () => {
    expect(await productOf(files, 'Dockerfile.gpu')).toEqual([
      'torch requirements-gpu.txt:1',
      'gunicorn Dockerfile.gpu:3',
    ]);
    expect(await productOf(files, 'Dockerfile')).toEqual(['flask requirements.txt:1']);
  });

  test('is what the others are told of where one of them is weighed', async () => {
    const { warnings } = await projectOf(files);
    expect(warnings).toMatchObject([
      {
        code: 'other-images',
        message: expect.stringContaining('`depweight audit Dockerfile.gpu`'),
      },
    ]);
    expect(warnings[0]?.message).not.toContain('Dockerfile.dev');
    expect((await projectOf(files, 'Dockerfile.gpu')).warnings).toEqual([]);
  });

  test('installs what it says alone where it installs no file, maybe nothing', async () => {
    const alone = { 'Dockerfile.dev': files['Dockerfile.dev'], 'Dockerfile.none': copied };
    expect(await productOf(alone, 'Dockerfile.dev')).toEqual(['pytest Dockerfile.dev:3']);
    expect(await productOf(alone, 'Dockerfile.none')).toEqual([]);
  });

  test('that is none names the line', async () => {
    const { projects, warnings } = await readNamedFile(
      createMemoryFiles({ Dockerfile: 'RUN pip install flask\n' }),
      'Dockerfile',
    );
    expect(projects).toEqual([]);
    expect(warnings).toMatchObject([{ severity: 'error', path: 'Dockerfile', line: 1 }]);
  });
});

describe('an audit of an image', () => {
  test('weighs and judges what its commands name, and CMD uses it', async () => {
    const server = await serveFor([
      { name: 'flask', version: '1' },
      {
        name: 'gunicorn',
        version: '2',
        files: [{ entryPoints: '[console_scripts]\ngunicorn = gunicorn:run\n' }],
      },
      { name: 'idle', version: '3' },
    ]);
    const document = await auditFiles(
      {
        'requirements.txt': 'flask\n',
        'app.py': 'import flask\n',
        Dockerfile: `${copied}RUN pip install -r requirements.txt\nRUN pip install gunicorn idle\nCMD ["gunicorn", "app:app"]\n`,
      },
      server,
    );
    const verdicts = document.declared.map(({ name, verdict, path, line }) => [
      name,
      verdict,
      `${path}:${line}`,
    ]);
    expect(verdicts).toEqual([
      ['gunicorn', 'used', 'Dockerfile:4'],
      ['idle', 'unused', 'Dockerfile:4'],
      ['flask', 'used', 'requirements.txt:1'],
    ]);
    const gunicorn = document.packages.find(({ name }) => name === 'gunicorn');
    expect(gunicorn?.declaredAt).toEqual([{ path: 'Dockerfile', line: 4, column: 1 }]);
    expect(document.warnings).toEqual([]);
  });

  test('takes the pin of a later command for what is installed, whatever wants another version', async () => {
    const server = await serveFor([
      { name: 'app', version: '1', requiresDist: ['base>=2'] },
      { name: 'base', version: '1' },
      { name: 'base', version: '2' },
    ]);
    const document = await auditFiles(
      {
        'requirements.txt': 'app\n',
        Dockerfile: `${copied}RUN pip install -r requirements.txt\nRUN pip install base==1\n`,
      },
      server,
    );
    expect(document.error).toBeNull();
    expect(document.environments[0]?.packages).toEqual(['app==1', 'base==1']);
  });

  test('splits the file alone, and proves it with what the image installs beside it', async () => {
    const server = await serveFor([
      { name: 'flask', version: '1' },
      { name: 'idle', version: '1' },
      { name: 'pillow', version: '1' },
      { name: 'unneeded', version: '1' },
    ]);
    const files = {
      'requirements.txt': 'flask\nidle\n',
      'app.py': 'import flask\nimport pillow\n',
      Dockerfile: `${copied}RUN pip install -r requirements.txt\nRUN pip install pillow unneeded\n`,
    };
    const { splits } = await auditFiles(files, server, { makesSplits: true });
    expect(splits.map(({ file }) => file)).toEqual(['requirements-prod.txt']);
    const [production] = splits;
    expect(production?.content.split('\n').slice(2)).toEqual(['flask', '']);
    expect(production?.packages).toEqual(['flask==1', 'pillow==1']);
    expect(production?.proof).toMatchObject({
      resolved: true,
      changedVersions: [],
      unprovidedModules: [],
    });
  });

  test('splits likewise what scripts install that it runs', async () => {
    const server = await serveFor([
      { name: 'flask', version: '1' },
      { name: 'idle', version: '1' },
      { name: 'pillow', version: '1' },
    ]);
    const files = {
      'requirements.txt': 'flask\nidle\n',
      'app.py': 'import flask\nimport pillow\n',
      'a.sh': 'pip install -r requirements.txt\npip install pillow\n',
      Dockerfile: `${copied}RUN ./a.sh\n`,
    };
    const { splits } = await auditFiles(files, server, { makesSplits: true });
    expect(splits).toMatchObject([
      { packages: ['flask==1', 'pillow==1'], proof: { resolved: true, changedVersions: [] } },
    ]);
    const alone = { ...files, 'a.sh': 'pip install flask idle pillow\n' };
    const { 'requirements.txt': _file, ...without } = alone;
    const [only] = (await auditFiles(without, server, { makesSplits: true })).splits;
    expect(only).toMatchObject({
      file: 'requirements-prod.txt',
      packages: ['flask==1', 'pillow==1'],
    });
  });

  test('proves a split with what a later command replaces', async () => {
    const server = await serveFor([
      { name: 'base', version: '1' },
      { name: 'base', version: '2' },
      { name: 'idle', version: '1' },
      { name: 'old', version: '1', requiresDist: ['base<2'] },
    ]);
    const files = {
      'requirements.txt': 'base==2\nidle\n',
      'app.py': 'import base\nimport old\n',
      Dockerfile: `${copied}RUN pip install -r requirements.txt\nRUN pip install old\n`,
    };
    const { splits } = await auditFiles(files, server, { makesSplits: true });
    expect(splits).toMatchObject([{ packages: ['base==1', 'old==1'], proof: { resolved: true } }]);
  });

  test('makes a requirements file of what only a Dockerfile says', async () => {
    const server = await serveFor([
      { name: 'flask', version: '1' },
      { name: 'idle', version: '1' },
    ]);
    const files = {
      'app.py': 'import flask\n',
      Dockerfile: `${copied}RUN pip install flask idle\n`,
    };
    const { splits } = await auditFiles(files, server, { makesSplits: true });
    expect(splits.map(({ file, content }) => [file, content.split('\n').slice(2)])).toEqual([
      ['requirements-prod.txt', ['flask', '']],
    ]);
  });
});

describe('installs of a stage that stay there', () => {
  const stage = 'FROM python:3.12 AS b\nCOPY . .\nRUN pip install -r requirements.txt\n';
  const files = (copied: string): Files => ({
    'requirements.txt': 'flask\n',
    Dockerfile: `${stage}FROM python:3.12\nCOPY --from=b ${copied}\n`,
  });
  const said = async (copied: string, path?: string): Promise<readonly string[]> =>
    (await projectOf(files(copied), path)).warnings.map(({ message }) => message);

  test('are told where the image then has none at all', async () => {
    expect(await said('/src /src')).toEqual([
      'Dockerfile:5: this image installs no Python packages: what the stage `b` installs (line 3) does not lie in /src, which is all that is copied from it here; what is weighed, requirements.txt, is not in it',
    ]);
    expect(await said('/usr/local /usr/local')).toEqual([]);
  });

  test('are told in the report itself', async () => {
    const server = await serveFor([{ name: 'flask', version: '1.0' }]);
    const view = {
      width: 80,
      color: false,
      units: 'si',
      all: false,
      bytecode: false,
      weights: true,
    } as const;
    const shown = async (copied: string, code: string): Promise<string> =>
      report.render(await auditFiles({ ...files(copied), 'app.py': code }, server), view);
    const line =
      '  The image installs none of this: nothing that its stages install is copied\n  (Dockerfile:5)';
    expect(await shown('/src /src', 'import flask\n')).toContain(line);
    expect(await shown('/src /src', 'x = 1\n')).toContain(line);
    expect(await shown('/usr/local /usr/local', 'x = 1\n')).not.toContain('none of this');
  });

  test('are none of an image that is named', async () => {
    expect(await productOf(files('/src /src'), 'Dockerfile')).toEqual([]);
    expect(await said('/src /src', 'Dockerfile')).toEqual([
      'Dockerfile:5: this image installs no Python packages: what the stage `b` installs (line 3) does not lie in /src, which is all that is copied from it here',
    ]);
    expect(await productOf(files('/usr/local /usr/local'), 'Dockerfile')).toEqual([
      'flask requirements.txt:1',
    ]);
  });

  test('are taken for copied by the names of paths where no place is known, which is told', async () => {
    const text =
      'FROM python:3.12 AS b\nWORKDIR /app\nCOPY . .\nRUN poetry install\nFROM python:3.12\nCOPY --from=b /app/.venv /app/.venv\n';
    const { warnings } = await projectOf({
      'pyproject.toml': '[tool.poetry.dependencies]\nflask = "*"\n',
      Dockerfile: text,
    });
    expect(warnings.map(({ message }) => message)).toEqual([
      'Dockerfile:6: where line 4 installs to is not known; by the names of what is copied here it is taken to be in the image',
    ]);
    const piped = await projectOf({
      'pyproject.toml': '[tool.poetry.dependencies]\nflask = "*"\n',
      Dockerfile:
        'FROM python:3.12 AS b\nCOPY . .\nRUN poetry export | /venv/bin/pip install -r /dev/stdin\nFROM python:3.12\nCOPY --from=b /venv /venv\n',
    });
    expect(piped.warnings).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { createProjectScans } from '../../src/imports/project-scan.ts';
import type { ImportScan } from '../../src/types.ts';
import { scanTree } from './support.ts';

describe('the part of a scan that is of one project', () => {
  const projects = ['.', 'services/api', 'services'];
  const tree = scanTree(
    {
      'main.py': 'import a',
      'services/x.py': 'import b',
      'services/api/y.py': 'import c\nimport_module(z)',
      'services/api/Dockerfile': 'CMD gunicorn',
      'services-old/z.py': 'import d',
    },
    { projects },
  );
  const modulesOf = ({ imports }: Pick<ImportScan, 'imports'>): readonly string[] =>
    imports.map(({ module }) => module);

  it('holds the files whose nearest project it is', async () => {
    const scanOf = createProjectScans(await tree, projects);
    expect(modulesOf(scanOf('.'))).toEqual(['a', 'd']);
    expect(modulesOf(scanOf('services'))).toEqual(['b']);
    const api = scanOf('services/api');
    expect(modulesOf(api)).toEqual(['c']);
    expect(api.files).toBe(1);
    expect(api.references).toHaveLength(1);
    expect(api.dynamicImports).toHaveLength(1);
    expect(scanOf('.').dynamicImports).toEqual([]);
  });

  it('is the scan itself where there is one project', async () => {
    const scan = await scanTree({ 'a.py': '' });
    expect(createProjectScans(scan, ['.'])('.')).toBe(scan);
  });

  it('holds the warnings of its own files', async () => {
    const broken = { 'a/b.ipynb': '{', 'c/d.ipynb': '{' };
    const scan = await scanTree(broken, { projects: ['a', 'c'] });
    const paths = createProjectScans(scan, ['a', 'c'])('a').warnings.map(({ path }) => path);
    expect(new Set(paths)).toEqual(new Set(['a/b.ipynb']));
  });
});

describe('what is around a project', () => {
  const projects = ['.', 'api', 'api/plugin', 'examples'];
  const tree = scanTree(
    {
      'main.py': 'import a',
      'compose.yaml': 'services:\n  api:\n    command: gunicorn api:app\n',
      'api/app.py': 'import b',
      'api/plugin/p.py': 'import c',
      'api/plugin/Procfile': 'web: waitress-serve p:app',
      'examples/e.py': 'import d',
    },
    { projects },
  );

  it('are the imports of the projects below, seen from it', async () => {
    const { around } = createProjectScans(await tree, projects)('.');
    expect(around?.imports.map(({ module, project, area }) => [module, project, area])).toEqual([
      ['b', 'api', undefined],
      ['c', 'api/plugin', undefined],
      ['d', 'examples', 'example'],
    ]);
  });

  it('are the commands of the projects above, not those below', async () => {
    const scanOf = createProjectScans(await tree, projects);
    expect(scanOf('api').around?.references.map(({ name }) => name)).toContain('gunicorn');
    expect(scanOf('.').around?.references).toEqual([]);
    expect(scanOf('api').around?.imports.map(({ module }) => module)).toEqual(['c']);
  });

  it('is all that no project is above', async () => {
    const scan = await scanTree(
      {
        'shared/s.py': 'import s',
        Makefile: 'run:\n\tgunicorn x:y\n',
        'api/a.py': '',
        'web/b.py': '',
      },
      { projects: ['api', 'web'] },
    );
    const { around } = createProjectScans(scan, ['api', 'web'])('web');
    expect(around?.imports.map(({ module, project }) => [module, project])).toEqual([['s', null]]);
    expect(around?.references.map(({ name }) => name)).toContain('gunicorn');
    expect(around?.sources.python).toEqual(['shared/s.py']);
  });
});

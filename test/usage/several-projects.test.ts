import { describe, expect, it } from 'vitest';
import type { Scene } from '../imports/support.ts';
import { evidenceOf, verdicts } from '../imports/support.ts';

const graph = {
  flask: { modules: ['flask'] },
  subject: { modules: ['subject'], scripts: ['subject-serve'] },
};
const declared = ['flask', 'subject'];

async function verdict(scene: Partial<Scene> & Pick<Scene, 'files'>): Promise<string | undefined> {
  return (await verdicts({ declared, graph, ...scene }))['subject'];
}

describe('the top of several projects', () => {
  const files = { 'main.py': 'import flask', 'api/app.py': 'import subject' };

  it('does not use what a project below declares and imports, and says where that is', async () => {
    const scene = { files, others: { api: ['subject'] } };
    expect(await verdict(scene)).toBe('unused possible');
    expect(await evidenceOf({ declared, graph, ...scene }, 'subject')).toEqual([
      'api/app.py:1 import subject in api, which declares it itself',
    ]);
  });

  it('uses what a project below imports and does not declare: it has it from above', async () => {
    const scene = { files, others: { api: ['other'] } };
    expect(await verdict(scene)).toBe('used likely');
    expect(await evidenceOf({ declared, graph, ...scene }, 'subject')).toEqual([
      'api/app.py:1 import subject in api, which does not declare it',
    ]);
  });

  it('takes examples with a few requirements of their own for examples', async () => {
    const examples = { 'main.py': 'import flask', 'examples/e.py': 'import subject' };
    expect(await verdict({ files: examples, others: { examples: ['other'] } })).toBe(
      'dev-only likely',
    );
  });
});

describe('one of several projects', () => {
  const own = { project: 'api', others: { '.': ['other'], web: ['other'] } };

  it('uses what a file of the top runs', async () => {
    const compose = 'services:\n  api:\n    command: subject-serve api:app\n';
    const files = { 'api/app.py': 'import flask', 'compose.yaml': compose };
    expect(await verdict({ files, ...own })).toBe('used likely');
  });

  it('does not use what code of no project imports in a folder of other projects', async () => {
    const files = { 'api/app.py': 'import flask', 'jobs/j.py': 'import subject' };
    const others = { 'jobs/nightly': ['other'] };
    expect(await verdict({ files, project: 'api', others })).toBe('unused certain');
  });

  it('uses what code of no project imports', async () => {
    const files = { 'api/app.py': 'import flask', 'shared/s.py': 'import subject' };
    expect(await verdict({ files, project: 'api', others: { web: ['other'] } })).toBe(
      'used likely',
    );
  });

  it.each([
    ['a project beside it', 'web/w.py'],
    ['the project above it', 'main.py'],
  ])('does not use what %s imports', async (_, path) => {
    const files = { 'api/app.py': 'import flask', [path]: 'import subject' };
    expect(await verdict({ files, ...own })).toBe('unused certain');
  });

  it('needs the driver that a URL at the top names', async () => {
    const files = {
      'api/app.py': 'import sqlalchemy',
      'compose.yaml': 'services:\n  api:\n    environment:\n      DB: postgresql+asyncpg://db/x\n',
    };
    const scene = {
      files,
      declared: ['sqlalchemy', 'asyncpg'],
      graph: { sqlalchemy: {}, asyncpg: {} },
    };
    expect((await verdicts({ ...scene, ...own }))['asyncpg']).toBe('used likely');
  });
});

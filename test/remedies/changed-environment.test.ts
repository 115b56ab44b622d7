import { expect, test } from 'vitest';
import { changedEnvironment } from '../../src/remedies/changed-environment.ts';
import type { RemedyContext } from '../../src/remedies/remedy-context.ts';
import type { Environment } from '../../src/types.ts';
import { declaration } from '../support/weighed-graph.ts';

test('what is changed is resolved, though the set itself is installed from a lock', () => {
  const place = { path: 'uv.lock', line: 1, column: 1 };
  const environment: Environment = {
    id: 'prod',
    project: '.',
    inputs: ['pyproject.toml', 'uv.lock'],
    requirements: [],
    constraints: [],
    overrides: [],
    options: {},
    pins: [],
    lockedAt: place,
    locked: {
      facts: { pins: [], staleAt: place, members: [] },
      path: 'uv.lock',
      sets: [''],
      folder: '.',
    },
  };
  const lines = [declaration('flask', 1, 'pyproject.toml')];
  const context: Pick<RemedyContext, 'environment' | 'lines'> = { environment, lines };
  const changed = changedEnvironment([], context as RemedyContext);
  expect(Object.keys(changed)).not.toContain('locked');
  expect(Object.keys(changed)).not.toContain('pins');
  expect(changed.requirements).toEqual(lines);
});

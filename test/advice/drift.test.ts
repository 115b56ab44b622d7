import { describe, expect, test } from 'vitest';
import { drift } from '../../src/advice/drift.ts';
import { declaration } from '../support/weighed-graph.ts';
import { contextOf } from './support.ts';

describe('drift (DW107)', () => {
  test('is one finding for two files, with every line that differs', () => {
    const context = contextOf(
      [],
      {},
      {
        drift: [
          {
            primary: 'requirements.txt',
            other: 'pyproject.toml',
            onlyInPrimary: [declaration('web', 2)],
            onlyInOther: [
              declaration('torch==2.1.0', 12, 'pyproject.toml'),
              declaration('torchaudio', 13, 'pyproject.toml'),
            ],
            different: [
              {
                primary: declaration('numpy==1', 3),
                other: declaration('numpy==2', 14, 'pyproject.toml'),
              },
            ],
          },
        ],
      },
    );
    const [finding, ...rest] = drift.evaluate(context);
    expect(rest).toEqual([]);
    expect(finding).toMatchObject({
      severity: 'warning',
      packages: ['numpy', 'torch', 'torchaudio', 'web'],
      message:
        'requirements.txt, which is weighed here, and pyproject.toml differ: torch and torchaudio only in pyproject.toml; web only in requirements.txt; numpy with other versions',
      savedInstalledBytes: null,
    });
    expect(finding?.locations).toHaveLength(5);
  });

  test('is silent where files agree', () => {
    expect(drift.evaluate(contextOf([], {}))).toEqual([]);
  });
});

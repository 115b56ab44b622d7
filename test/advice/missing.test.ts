import { describe, expect, test } from 'vitest';
import { missing } from '../../src/advice/missing.ts';
import { transitiveImport } from '../../src/advice/transitive-import.ts';
import type { UndeclaredImport } from '../../src/advice/advice.ts';
import { normalizeName } from '../../src/pep/name.ts';
import { declaration } from '../support/weighed-graph.ts';
import { contextOf } from './support.ts';

const place = { path: 'app.py', line: 4, note: 'import yaml' };
const yaml: UndeclaredImport = {
  module: 'yaml',
  distribution: null,
  candidates: ['pyyaml', 'ruamel-yaml'],
  places: [place, { ...place, line: 9 }],
  guarded: false,
};
const universe = { server: { requires: ['pyyaml'] }, pyyaml: {} };
const provided = { ...yaml, distribution: normalizeName('pyyaml') };

describe('missing (DW104)', () => {
  test('is an error at the first import, with all places as evidence', () => {
    const context = contextOf(['server'], universe, { undeclaredImports: [yaml] });
    expect(missing.evaluate(context)).toEqual([
      {
        code: 'DW104',
        rule: 'missing',
        packages: [],
        leaves: [],
        severity: 'error',
        confidence: 'likely',
        message: 'yaml is imported, but nothing that is declared provides it',
        locations: [{ path: 'app.py', line: 4, column: 1 }],
        evidence: yaml.places,
        savedInstalledBytes: null,
        savedDownloadBytes: null,
        remedy: { kind: 'add', text: 'declare pyyaml or ruamel-yaml' },
      },
    ]);
  });

  test('is information where the import is guarded, and proposes nothing it does not know', () => {
    const context = contextOf(['server'], universe, {
      undeclaredImports: [{ ...yaml, guarded: true, candidates: [] }],
    });
    expect(missing.evaluate(context)).toMatchObject([
      { severity: 'info', confidence: 'possible', remedy: null },
    ]);
  });

  test('is information beside packages of conda, of which nobody knows what they bring', () => {
    const conda = { ...declaration('pandas', 2), source: 'conda' as const };
    const more = { undeclaredImports: [yaml], declared: [declaration('server', 1), conda] };
    const open = contextOf(['server', 'pandas'], { ...universe, pandas: { size: 'conda' } }, more);
    expect(missing.evaluate(open)).toMatchObject([
      {
        severity: 'info',
        confidence: 'possible',
        message:
          'yaml is imported, but nothing that is declared is known to provide it; a package of conda may bring it',
      },
    ]);
    // Beside requirements.txt that is weighed, environment.yml only says the same again.
    const known = contextOf(['server', 'pandas'], { ...universe, pandas: {} }, more);
    expect(missing.evaluate(known)).toMatchObject([{ severity: 'error' }]);
  });

  test('is a mere possibility where not all requirements could be read', () => {
    const context = contextOf(['server'], universe, { undeclaredImports: [yaml], partial: true });
    expect(missing.evaluate(context)).toMatchObject([
      {
        severity: 'info',
        confidence: 'possible',
        message: expect.stringMatching(/; not all that is declared could be read$/),
      },
    ]);
  });

  test('is a mere possibility beside what is installed from version control', () => {
    const context = contextOf(
      ['server', 'fork'],
      { ...universe, fork: {} },
      {
        undeclaredImports: [yaml],
      },
    );
    const distributions = context.graph.distributions.map((one) =>
      one.name === 'fork' ? { ...one, unknownReason: 'vcs' as const, metadataFrom: null } : one,
    );
    const open = { ...context, graph: { ...context.graph, distributions } };
    expect(missing.evaluate(open)).toMatchObject([
      {
        severity: 'info',
        confidence: 'possible',
        message: expect.stringMatching(/; what some of that needs is not known$/),
      },
    ]);
  });

  test('leaves to transitive-import what another package brings in', () => {
    const context = contextOf(['server'], universe, { undeclaredImports: [provided] });
    expect(missing.evaluate(context)).toEqual([]);
  });
});

describe('transitive-import (DW105)', () => {
  test('names the distribution and who brings it in', () => {
    const context = contextOf(['server'], universe, { undeclaredImports: [provided, yaml] });
    expect(transitiveImport.evaluate(context)).toMatchObject([
      {
        code: 'DW105',
        severity: 'info',
        confidence: 'certain',
        message:
          'yaml is imported, but pyyaml, which provides it, is not declared: it is there only because server needs it',
        remedy: { kind: 'add', text: 'declare pyyaml' },
      },
    ]);
  });

  test('says that it is not there where only other sets have it', () => {
    const context = contextOf(['alone'], { alone: {} }, { undeclaredImports: [provided] });
    expect(transitiveImport.evaluate(context)[0]?.message).toContain(
      'it is there only with an extra, with a group or for development',
    );
  });

  test('is silent about what nothing provides', () => {
    const context = contextOf(['server'], universe, { undeclaredImports: [yaml] });
    expect(transitiveImport.evaluate(context)).toEqual([]);
  });
});

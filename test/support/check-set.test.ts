import { describe, expect, test } from 'vitest';
import { parseRequirement } from '../../src/pep/requirement.ts';
import { faultsOf } from './check-set.ts';
import { linux } from './weighed-graph.ts';

interface Asked {
  readonly roots?: readonly string[];
  readonly constraints?: readonly string[];
  readonly overrides?: readonly string[];
  /** `name version [extra,…]: requirement, …` */
  readonly members: readonly string[];
  readonly requiresPython?: string;
}

const parsed = (texts: readonly string[] = []): ReturnType<typeof parseRequirement>[] =>
  texts.map((text) => parseRequirement(text));

function check({ roots = ['app'], members, requiresPython, ...limits }: Asked): readonly string[] {
  return faultsOf({
    roots: parsed(roots),
    constraints: parsed(limits.constraints),
    overrides: parsed(limits.overrides),
    markers: linux.markers,
    members: members.map((text) => {
      const [head = '', needs = ''] = text.split(':');
      const [name = '', version = '', extras = ''] = head.split(' ');
      return {
        name,
        version,
        extras: extras === '' ? [] : extras.split(','),
        requires: parsed(needs === '' ? [] : needs.split(';;')),
        ...(requiresPython === undefined ? {} : { requiresPython }),
      };
    }),
  });
}

describe('a set that is right', () => {
  test.each<Asked>([
    { members: ['app 1.0'] },
    { members: ['app 1.0:core>=1;;other; sys_platform == "win32"', 'core 2.0'] },
    { roots: ['app[web]'], members: ['app 1.0 web:core; extra == "web"', 'core 1.0'] },
    {
      roots: ['app[all]'],
      members: ['app 1.0 all:app[web]; extra == "all";;core; extra == "web"', 'core 1'],
    },
    { members: ['app 1.0:core<1', 'core 2.0'], overrides: ['core>=2'] },
    { members: ['app 1.0'], constraints: ['absent<1', 'app<1; sys_platform == "win32"'] },
    { members: ['app 1.0'], requiresPython: '>=3.8, <3.10' },
  ])('has no faults: %j', (asked) => {
    expect(check(asked)).toEqual([]);
  });
});

describe('a fault is told', () => {
  test.each<[string, Asked]>([
    ['the input needs app, which is not there', { members: [] }],
    ['the input is not satisfied by app 1.0', { roots: ['app>1'], members: ['app 1.0'] }],
    ['app 1.0 needs core, which is not there', { members: ['app 1.0:core'] }],
    ['app 1.0 is not satisfied by core 1.0', { members: ['app 1.0:core>1', 'core 1.0'] }],
    ['core 1.0 is there, and nothing needs it', { members: ['app 1.0', 'core 1.0'] }],
    ['nothing needs app[web]', { members: ['app 1.0 web'] }],
    ['app[web] is not in force', { roots: ['app[web]'], members: ['app 1.0'] }],
    ['app 1.0 breaks a constraint', { members: ['app 1.0'], constraints: ['app>1'] }],
    ['app 1.0 needs Python >=3.12', { members: ['app 1.0'], requiresPython: '>=3.12' }],
    [
      'app 1.0 is not satisfied by core 1.0',
      { members: ['app 1.0:core<2', 'core 1.0'], overrides: ['core>=2'] },
    ],
  ])('%s', (fault, asked) => {
    expect(check(asked)).toEqual([fault]);
  });
});

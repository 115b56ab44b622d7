import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { advise, adviceRules } from '../../src/advice/index.ts';
import { createAdviceContext, leavingNames } from '../../src/advice/advice.ts';
import { contextOf, inputOf, usage } from './support.ts';

describe('the list of rules', () => {
  test('has every code and every rule once, in order', () => {
    const codes = adviceRules.map(({ code }) => code);
    expect(codes).toEqual([...new Set(codes)].toSorted());
    expect(new Set(adviceRules.map(({ rule }) => rule)).size).toBe(adviceRules.length);
  });

  test('has a file for each rule, named as the rule', () => {
    const files = new Set(readdirSync(new URL('../../src/advice', import.meta.url)));
    for (const { rule } of adviceRules) expect(files).toContain(`${rule}.ts`);
  });
});

describe('advise', () => {
  const universe = {
    torch: { size: 20_000_000 },
    web: { size: 30_000_000, composition: { tests: 2_000_000 } },
    runner: { size: 3 },
  };
  const input = inputOf(['torch', 'web', 'runner'], universe, {
    usages: [usage('torch', 'unused'), usage('web', 'used'), usage('runner', 'dev-only')],
  });

  const context = createAdviceContext(input);

  test('gives the findings of all rules by code', () => {
    expect(advise(context).map((finding) => finding.rule)).toEqual([
      'unused',
      'dev-only',
      'heavy',
      'strippable',
    ]);
  });

  test('every finding carries the code of its rule and a sentence', () => {
    const codes = new Map(adviceRules.map(({ rule, code }) => [rule, code]));
    for (const finding of advise(context)) {
      expect(finding.code).toBe(codes.get(finding.rule));
      expect(finding.message).not.toBe('');
    }
  });

  test('does not change what it is given', () => {
    const before = JSON.stringify(input);
    advise(createAdviceContext(input));
    expect(JSON.stringify(input)).toBe(before);
  });

  test('has nothing to say about nothing', () => {
    expect(advise(contextOf([], {}))).toEqual([]);
  });
});

test('a split drops what nothing holds and moves what is for development, held or not', () => {
  const context = contextOf(
    ['torch', 'torchaudio', 'pydantic', 'api', 'client', 'runner'],
    {
      torch: {},
      torchaudio: { requires: ['torch'] },
      pydantic: {},
      api: { requires: ['pydantic', 'client'] },
      client: {},
      runner: {},
    },
    {
      usages: [
        usage('torch', 'unused'),
        usage('torchaudio', 'unused', 'likely'),
        usage('pydantic', 'unused'),
        usage('api', 'used'),
        usage('client', 'dev-only'),
        usage('runner', 'dev-only'),
      ],
    },
  );
  const { unused, developmentOnly } = leavingNames(context);
  expect([...unused].toSorted()).toEqual(['torch', 'torchaudio']);
  expect([...developmentOnly].toSorted()).toEqual(['client', 'runner']);
});

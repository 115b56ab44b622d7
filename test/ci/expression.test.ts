import { expect, test } from 'vitest';
import { evaluate, fillAll, mayHold, type Value } from '../../src/ci/expression.ts';

const values: Readonly<Record<string, Value>> = {
  'matrix.os': 'windows-latest',
  'matrix.none': '',
  'inputs.slow': false,
  'inputs.fast': true,
};
const names = (name: string): Value => values[name];

test.each<readonly [string, Value]>([
  ["matrix.os == 'Windows-Latest'", true],
  ["matrix.os != 'windows-latest'", false],
  ["startsWith(matrix.os, 'windows') && !inputs.slow", true],
  ["contains(matrix.os, 'mac') || endsWith(matrix.os, 'latest')", true],
  ["matrix.none || 'it''s'", "it's"],
  ['(inputs.slow || inputs.fast) && matrix.os', 'windows-latest'],
  ["github.event == 'push'", undefined],
  ["github.event == 'push' && inputs.slow", false],
  ["inputs.slow && github.event == 'push'", false],
  ["github.event || 'x'", undefined],
  ["hashFiles('a') == 'b'", undefined],
  ['matrix.os matrix.os', undefined],
  ['', undefined],
])('%s is %s', (expression, expected) => {
  expect(evaluate(expression, names)).toBe(expected);
});

test.each<readonly [string, boolean]>([
  ['', true],
  ['${{ inputs.slow }}', false],
  ['failure()', false],
  ['always() && inputs.fast', true],
  ["github.ref == 'x'", true],
])('a step with the condition %s may run: %s', (condition, expected) => {
  expect(mayHold(condition, names)).toBe(expected);
});

test('a text has its expressions filled in, braces in them too', () => {
  expect(fillAll("a ${{ matrix.os }} ${{ format('{0}', 1) }} ${{matrix.none}}.", names)).toBe(
    'a windows-latest ${format_0_1_} .',
  );
});

import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { CommandContext } from '../../src/commands/command.ts';
import type { PipelineResult } from '../../src/commands/run-pipeline.ts';
import { run } from '../../src/commands/why.ts';
import { DepweightError } from '../../src/errors.ts';
import { silentProgress } from '../../src/io/progress.ts';
import { readOptions, type Options } from '../../src/options.ts';
import { createDocument, createPackage } from '../report/documents.ts';

const asked: Options[] = [];
let answers: PipelineResult[] = [];

vi.mock('../../src/commands/run-pipeline.ts', () => ({
  runPipeline: (options: Options) => {
    asked.push(options);
    return Promise.resolve(answers[asked.length - 1]);
  },
}));

beforeEach(() => {
  asked.length = 0;
  answers = [];
});

/** Production has `app`; another set holds `test-tool` as well. */
function answer(other: string, counts: Partial<PipelineResult> = {}): PipelineResult {
  const document = createDocument({ packages: [createPackage({ name: 'app' })] });
  const [production] = document.environments;
  if (production === undefined) throw new Error('the document has no environment');
  const set = { ...production, id: other, packages: ['app==1.0', 'test-tool==7.4'] };
  return {
    document: { ...document, environments: [production, set] },
    removal: null,
    cost: null,
    ...counts,
  };
}

function answerWithTool(counts: Partial<PipelineResult> = {}): PipelineResult {
  const packages = ['app', 'test-tool'].map((name) => createPackage({ name }));
  return { document: createDocument({ packages }), removal: null, cost: null, ...counts };
}

async function why(name: string, path = '.'): ReturnType<typeof run> {
  const options = readOptions({ command: 'why', package: name, path, flags: {} });
  const context: CommandContext = {
    workingDirectory: '/',
    variables: {},
    searchPath: '',
    progress: silentProgress,
    signal: new AbortController().signal,
    now: () => 0,
    configure: () => options,
  };
  return run(options, context);
}

async function refusal(name: string, path?: string): Promise<DepweightError> {
  const error: unknown = await why(name, path).catch((cause: unknown) => cause);
  if (error instanceof DepweightError) return error;
  throw new Error('it was not refused');
}

describe('why of a package outside of production', () => {
  test('asks again for the set that holds it, however the name is written', async () => {
    answers = [answer('dev'), answerWithTool()];
    const { document } = await why('Test_.Tool[extra]');
    expect(asked.map(({ selection }) => selection.environment)).toEqual([null, 'dev']);
    expect(document).toMatchObject({ package: 'test-tool' });
  });

  test('counts the time and the bytes of both runs', async () => {
    answers = [
      answer('dev', { receivedBytes: 1000, elapsedMs: 30 }),
      answerWithTool({ receivedBytes: 24, elapsedMs: 12 }),
    ];
    expect(await why('test-tool')).toMatchObject({ receivedBytes: 1024, elapsedMs: 42 });
  });

  test('does not call it the cache when one run got answers without a body', async () => {
    answers = [answer('dev', { receivedBytes: 0 }), answerWithTool()];
    expect(await why('test-tool')).not.toHaveProperty('receivedBytes');
    asked.length = 0;
    answers = [answer('dev', { receivedBytes: 0 }), answerWithTool({ receivedBytes: 0 })];
    expect(await why('test-tool')).toMatchObject({ receivedBytes: 0 });
  });

  test('names the file of a development set that was resolved alone, and how to ask about it', async () => {
    answers = [answer('dev:requirements-dev.txt')];
    const { code, hint } = await refusal('Test.Tool', 'sub');
    expect(code).toBe('package-not-found');
    expect(hint).toContain('the development set of requirements-dev.txt');
    expect(hint).toContain('`depweight why Test.Tool sub/requirements-dev.txt`');
    expect(asked).toHaveLength(1);
  });

  test('gives no command for a set that a file of several sets declares', async () => {
    answers = [answer('dev:pyproject.toml')];
    const { hint } = await refusal('test-tool');
    expect(hint).toContain('pyproject.toml');
    expect(hint).not.toContain('depweight why');
  });
});

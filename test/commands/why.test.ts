import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { CommandContext } from '../../src/commands/command.ts';
import type { PipelineResult } from '../../src/commands/run-pipeline.ts';
import { run } from '../../src/commands/why.ts';
import { DepweightError } from '../../src/errors.ts';
import { resolveOptions, type Options } from '../../src/options.ts';
import type { AuditDocument, EnvironmentRow } from '../../src/types.ts';
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

import { expect, test } from 'vitest';
import { report } from '../../src/report/patch.ts';
import type { RenderOptions } from '../../src/report/report.ts';
import { auditImage, release } from '../image/support.ts';
import { createDocument } from './documents.ts';

const options: RenderOptions = {
  width: 80,
  color: false,
  units: 'si',
  all: false,
  bytecode: false,
  weights: true,
};

test('prints the patch of an audit, that of each Dockerfile once', async () => {
  const document = await auditImage(
    'FROM python:3.12\nCOPY . .\nRUN pip install -r requirements.txt\n',
    { 'requirements.txt': 'flask\n' },
    [release('flask', '1')],
  );
  const patch = report.render(document, options);
  expect(patch).toContain('+RUN pip install --no-cache-dir -r requirements.txt\n');
  const { schemaVersion: _1, tool: _2, command: _3, ...project } = document;
  const projects = ['a', 'b'].map((path) => ({ path, ...project }));
  expect(report.render({ ...document, projects }, options)).toBe(patch);
});

test('says that there is none', () => {
  expect(report.render(createDocument({}), options)).toMatch(/^Nothing is proposed/);
});

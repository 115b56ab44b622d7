import { describe, expect, it } from 'vitest';
import { findLockChanges } from '../../src/inputs/lock-changes.ts';
import { parseUvLock } from '../../src/inputs/uv-lock.ts';
import { fileOf } from './lock-support.ts';
import { readPyproject } from './support.ts';

const manifest = `[project]
name = 'mine'
dependencies = ['flask>=2,<4', 'own @ file:libs/own']
[project.optional-dependencies]
web = ['gunicorn']
all = ['mine[web]']
[dependency-groups]
dev = ['pytest']
`;
const declared = [
  "{ name = 'flask', specifier = '<4,>=2' }",
  "{ name = 'own', directory = 'libs/own' }",
  `{ name = 'gunicorn', marker = "extra == 'web'" }`,
  `{ name = 'mine', extras = ['web'], marker = "extra == 'all'" }`,
];

async function changesOf(text: string, requires = declared, dev = ["{ name = 'pytest' }"]) {
  const lock = await parseUvLock(
    fileOf(
      'uv.lock',
      `version = 1\n[[package]]\nname = 'mine'\nsource = { editable = '.' }\n[package.metadata]\nrequires-dist = [${requires.join(', ')}]\n[package.metadata.requires-dev]\ndev = [${dev.join(', ')}]\n`,
    ),
  );
  return findLockChanges(lock, await readPyproject(text));
}

describe('what a manifest declares otherwise than its lock', () => {
  it('is nothing where only the writing differs', async () => {
    expect(await changesOf(manifest)).toEqual([]);
  });

  it.each([
    ["'flask>=2,<4'", "'flask>=2,<4', 'rich'", ['the main set has gained rich']],
    ["'flask>=2,<4', ", '', ['the main set no longer has flask']],
    ["'flask>=2,<4'", "'flask>=3'", ['the main set asks for other versions of flask']],
    [
      "'gunicorn'",
      "'uvicorn'",
      ['the extra web has gained uvicorn', 'the extra web no longer has gunicorn'],
    ],
    [
      "web = ['gunicorn']\nall = ['mine[web]']",
      '',
      ['the extra all is gone (mine)', 'the extra web is gone (gunicorn)'],
    ],
    ["dev = ['pytest']", "dev = ['pytest']\ntools = ['rich']", ['the group tools has gained rich']],
  ])('is told when %s becomes %s', async (before, after, expected) => {
    expect(await changesOf(manifest.replace(before, after))).toEqual(expected);
  });

  it('is not asked of a lock that does not say', async () => {
    const lock = await parseUvLock(fileOf('uv.lock', 'version = 1\n'));
    expect(findLockChanges(lock, await readPyproject(manifest))).toEqual([]);
  });
});

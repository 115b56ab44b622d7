import { describe, expect, test } from 'vitest';
import { hashPipfile, hashPyproject } from '../../src/inputs/content-hash.ts';
import { parseToml } from '../../src/inputs/toml.ts';
import type { TomlTable } from '../../src/inputs/toml.ts';
import { fileOf } from './lock-support.ts';

async function tablesOf(text: string): Promise<TomlTable> {
  const document = await parseToml(fileOf('pyproject.toml', text));
  if ('message' in document) throw new Error(document.message);
  return document.root;
}

// The expected hashes are those of Python's hashlib over json.dumps, of the content that each tool hashes.
describe('the hash of Poetry', () => {
  test('is of its own tables, in ASCII, with null for what is not there', async () => {
    const root = await tablesOf(
      '[tool.poetry]\nname = "mine"\n[tool.poetry.dependencies]\npython = "^3.9"\nflask = {version = "^2", optional = true, extras = ["a\u00e9\u{1F600}\\u007f"]}\n[tool.poetry.extras]\nweb = ["flask"]\n[tool.poetry.group.dev.dependencies]\npytest = "*"\n',
    );
    expect(hashPyproject(root)['poetry-lock']).toEqual([
      'b405c2ae0acd0b8e5e44a6aa5f744e92f40dba533c33d6fafb22d8ff2074844b',
    ]);
  });

  test('is of [project] too, and of its groups or not, as the release does', async () => {
    const root = await tablesOf(
      '[project]\nname = "mine"\nrequires-python = ">=3.9"\ndependencies = ["flask"]\n[dependency-groups]\ndev = ["pytest"]\n[tool.poetry.group.lint.dependencies]\nruff = "*"\n',
    );
    expect(hashPyproject(root)['poetry-lock']).toEqual([
      'bb69642e0a97147b2a1c97c3379c87bb1fa0a15edb047cb0949b2ff9c81e895e',
      'f7cac4b387e97a430e0b49f2a79553ed5d3e83e82b7a6be87bef41d2d1d92e12',
    ]);
  });

  test('is not told of a project that has no table of it', async () => {
    const root = await tablesOf('[project]\nname = "mine"\ndependencies = []\n');
    expect(hashPyproject(root)['poetry-lock']).toBeUndefined();
  });
});

test('the hash of PDM joins both tables of groups, with all of the resolution or its overrides', async () => {
  const root = await tablesOf(
    '[project]\nrequires-python = ">=3.9"\ndependencies = ["flask"]\n[dependency-groups]\nDev_Tools = ["pytest"]\n[tool.pdm.dev-dependencies]\ndev-tools = ["ruff"]\n[[tool.pdm.source]]\nname = "x"\nurl = "https://index.test/simple"\n[tool.pdm.resolution.overrides]\nsix = "1.0"\n',
  );
  expect(hashPyproject(root)['pdm-lock']).toEqual([
    '48b13025864100c5d885bc73096a98193c3a66b64f89795ff6984f69ce199fc5',
    'afa0ca33d062ccff248b80e8c1683a5c783c874c3aff836c4aaac97088ec6f31',
  ]);
});

describe('the hash of Pipenv', () => {
  const source = '[[source]]\nname = "x"\nurl = "https://index.test/simple"\nverify_ssl = true\n';
  const plain = `${source}[requires]\npython_version = "3.11"\n[packages]\nflask = "*"\n[scripts]\nrun = "x"\n`;
  const hash = '8f4294e4f0119e847747d18f769cb55241b9197757760005e68c511983280f41';

  test('is of its tables without blanks', async () => {
    expect(hashPipfile(await tablesOf(plain))['pipfile-lock']).toEqual([hash]);
  });

  test('has further categories or not, as the release does', async () => {
    const root = await tablesOf(`${plain}[docs]\nsphinx = "*"\n`);
    expect(hashPipfile(root)['pipfile-lock']).toEqual([
      hash,
      'f4e4744e751baf0ed855b68d5be0b4b6736bf347f98d56394a381cacd4e944bc',
    ]);
  });

  test('is not told where the default index is meant', async () => {
    expect(hashPipfile(await tablesOf('[packages]\nflask = "*"\n'))).toEqual({});
  });
});

import { describe, expect, it } from 'vitest';
import { scanTree } from './support.ts';

/** Files outside of the product, by their areas. */
async function areas(files: Readonly<Record<string, string>>): Promise<Readonly<object>> {
  return { ...(await scanTree(files)).sources?.areas };
}

describe('what is no product by its name', () => {
  it.each([
    ['by its path', 'agent/chat.py', 'from agent.tools.search import find'],
    ['from the folder beside it', 'agent/chat.py', 'from tools.search import find'],
    ['relatively', 'agent/chat.py', 'from .tools import search'],
    ['as a module', 'agent/chat.py', 'import agent.tools.search'],
  ])('is product where product code imports it %s', async (_, path, text) => {
    const files = { [path]: text, 'agent/tools/search.py': '', 'agent/tools/web/get.py': '' };
    expect(await areas(files)).toEqual({});
  });

  it('is product where only such code imports it', async () => {
    const files = {
      'main.py': 'from tools import a',
      'tools/a.py': 'from examples.e import x',
      'examples/e.py': '',
      'docs/d.py': '',
    };
    expect(await areas(files)).toEqual({ 'docs/d.py': 'docs' });
  });

  it('stays what it is where others import it', async () => {
    const files = {
      'main.py': 'import tools_of_others, search',
      'tools/search.py': 'import main',
      'docs/conf.py': 'from tools import search',
    };
    expect(await areas(files)).toEqual({ 'docs/conf.py': 'docs', 'tools/search.py': 'tool' });
  });

  it('stays a test though product code imports from it', async () => {
    const files = { 'app.py': 'from tests.factories import make', 'tests/factories.py': '' };
    expect(await areas(files)).toEqual({ 'tests/factories.py': 'test' });
  });
});

describe('what an entry point names', () => {
  const module = { 'alert/__init__.py': '', 'alert/test_rule.py': 'import mock' };

  it.each([
    ['pyproject.toml', '[project.scripts]\ntry-rule = "alert.test_rule:main"\n'],
    ['setup.cfg', '[options.entry_points]\nconsole_scripts =\n  try-rule = alert.test_rule:main\n'],
    ['setup.py', "setup(entry_points={'console_scripts': ['try-rule=alert.test_rule:main']})"],
  ])('in %s is product though its file looks like a test', async (path, text) => {
    const scan = await scanTree({ ...module, [path]: text });
    expect(scan.sources?.areas['alert/test_rule.py']).toBeUndefined();
    expect(scan.imports.filter(({ path: own }) => own === 'alert/test_rule.py')[0]?.area).toBe(
      undefined,
    );
  });

  it('is a test without one', async () => {
    expect(await areas(module)).toEqual({ 'alert/test_rule.py': 'test' });
  });
});

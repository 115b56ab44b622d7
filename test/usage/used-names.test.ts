import { expect, test } from 'vitest';
import { scanSources } from '../../src/imports/scan-project.ts';
import { indexModules, modulesOf } from '../../src/usage/module-owners.ts';
import { countUsedNames } from '../../src/usage/used-names.ts';
import { memoryAccess } from '../imports/support.ts';
import { weighedGraph } from '../support/weighed-graph.ts';

test('names are counted where nothing imports the whole, and code outside of the product says nothing', async () => {
  const access = memoryAccess({
    'app.py':
      'from extras.card import card, row\nfrom extras import row as r\nimport numpy as np\n',
    'other.py': 'from extras.card import card\nfrom numpy import array\n',
    'tests/test_app.py': 'from extras import much, more\n',
  });
  const graph = weighedGraph(['extras', 'numpy'], { extras: {}, numpy: {} });
  const index = indexModules(graph.distributions.map((one) => modulesOf(one)));
  const counts = countUsedNames(await scanSources(access, {}), index);
  expect([...counts]).toEqual([['extras', 3]]);
});

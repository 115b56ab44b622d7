/**
 * GitLab CI. Traps: every key at the top that is no keyword is a job; one that begins with a dot is a template that others
 * extend; `default` and the old global keys hold for all; an image may be a table.
 */
import type { YamlNode } from '../inputs/yaml.ts';
import type { CiJob, CiSystem } from './ci-system.ts';
import { entriesOf, scriptsOf, textOf, textsOf, valueAt } from './yaml-values.ts';

const KEYWORDS = new Set([
  'default',
  'include',
  'stages',
  'variables',
  'workflow',
  'image',
  'services',
  'cache',
  'before_script',
  'after_script',
  'spec',
]);

/** `.gitlab-ci.yml`, and files beside it that it may include. */
export const gitlab: CiSystem = {
  name: 'gitlab',
  matches: /^(?:.*\/)?\.gitlab-ci(?:[.-][\w.-]+)?\.ya?ml$|^\.gitlab\/(?:.*\/)?[^/]+\.ya?ml$/,
  readJobs: ({ root }) =>
    entriesOf(root).flatMap(({ key, value, line }): readonly CiJob[] => {
      if (KEYWORDS.has(key) || key.startsWith('.') || value.kind !== 'table') return [];
      const chain = chainOf(root, value, 0);
      const find = (name: string): YamlNode | undefined =>
        [...chain, valueAt(root, 'default'), root]
          .flatMap((one) => valueAt(one ?? null, name) ?? [])
          .at(0);
      const written = find('image');
      const image = written?.kind === 'table' ? valueAt(written, 'name') : written;
      return [
        {
          name: key,
          line,
          pythons: [],
          pythonLine: line,
          image: textOf(image),
          imageLine: written?.place.line ?? line,
          machine: null,
          scripts: [...scriptsOf(find('before_script')), ...scriptsOf(find('script'))],
          calls: [],
          hasCache: find('cache') !== undefined,
        },
      ];
    }),
};

const deepest = 10;

/** A job and the templates that it extends, the nearest first. */
function chainOf(root: YamlNode, job: YamlNode, depth: number): readonly YamlNode[] {
  if (depth > deepest) return [job];
  const parents = textsOf(valueAt(job, 'extends')).toReversed();
  return [
    job,
    ...parents.flatMap((name) => {
      const parent = valueAt(root, name);
      return parent === undefined ? [] : chainOf(root, parent, depth + 1);
    }),
  ];
}

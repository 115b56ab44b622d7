/**
 * `[[tool.pdm.source]]`: the indexes of PDM.
 *
 * Traps: the source named `pypi` takes the place of PyPI, without one PyPI comes first; `type = "find_links"` is a page or
 * folder of links; addresses may hold `${NAME}`; a list of packages for a source, which PDM knows and nobody else, is not applied and said so.
 */
import type { IndexOptions } from '../types.ts';
import { toWarning } from './declare.ts';
import { fillInVariables } from './environment-variables.ts';
import { folderOf } from './file-access.ts';
import type { InputContext } from './input.ts';
import { quoteText } from './quote.ts';
import { toLink } from './requirements-index-options.ts';
import type { TomlReading } from './toml-requirements.ts';
import { arrayOf, field, textOf } from './toml.ts';

/** What the sources of PDM mean for the index; empty where there are none. */
export function readPdmOptions(
  { document, warnings }: TomlReading,
  { variables }: Pick<InputContext, 'variables'>,
): IndexOptions {
  const later: string[] = [];
  const findLinks: string[] = [];
  const names: (readonly [string, string])[] = [];
  const folder = folderOf(document.path);
  let indexUrl: string | null = null;
  for (const [at, source] of arrayOf(field(document.root, 'tool', 'pdm', 'source')).entries()) {
    const written = textOf(field(source, 'url'));
    const name = textOf(field(source, 'name'));
    if (written === null) continue;
    const url = fillInVariables(
      written.replace(/^(?:file:\/*)?\$\{PROJECT_ROOT\}/, '.'),
      variables,
    );
    if (name !== null) names.push([url, name]);
    if (textOf(field(source, 'type')) === 'find_links') findLinks.push(toLink(url, folder));
    else if (name === 'pypi') indexUrl = url;
    else later.push(url);
    const filter = ['include_packages', 'exclude_packages'].find(
      (key) => field(source, key) !== undefined,
    );
    if (filter === undefined) continue;
    const message = `${quoteText(filter)} of the source ${quoteText(name ?? '')} is not applied: the first index that has a name gives it`;
    const place = document.at(['tool', 'pdm', 'source', at]);
    warnings.push(toWarning('source-filter', place, message));
  }
  return {
    ...(indexUrl === null ? {} : { indexUrl }),
    ...(later.length === 0 ? {} : { laterIndexUrls: later }),
    ...(names.length === 0 ? {} : { indexNames: Object.fromEntries(names) }),
    ...(findLinks.length === 0 ? {} : { findLinks }),
  };
}

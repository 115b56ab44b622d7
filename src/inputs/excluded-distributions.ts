import type { DeclaredRequirement } from '../types.ts';
import { toWarning } from './declare.ts';
import { quoteText } from './quote.ts';
import { declareAt, reject, type TomlReading } from './toml-requirements.ts';
import { arrayOf, field, textOf, type TomlPath } from './toml.ts';

/** Overrides that are never in force, for a list of names that nobody shall get (uv, PDM). */
export function readExclusions(
  reading: TomlReading,
  path: readonly string[],
): readonly DeclaredRequirement[] {
  const { document, warnings } = reading;
  return arrayOf(field(document.root, ...path)).flatMap((value, index) => {
    const at: TomlPath = [...path, index];
    const name = textOf(value);
    if (name === null) {
      reject(reading, at, `an element of ${quoteText(path.at(-1) ?? '')} is no name`);
      return [];
    }
    const message = `${quoteText(name)} is excluded: it is left out, whoever needs it`;
    warnings.push(toWarning('excluded-distribution', document.at(at), message));
    return declareAt(reading, document.at(at), `${name} ; python_version < "0"`) ?? [];
  });
}

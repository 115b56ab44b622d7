/**
 * The Serverless Framework. Traps: its provider may be another cloud; a function may have a runtime and a processor of its own,
 * or be a container image; `zip: true` of its plugin for Python unpacks a second archive at run time, for which the limit does
 * not hold; values may come from variables.
 */
import { entriesOf, textOf, textsOf, valueAt } from '../ci/yaml-values.ts';
import type { YamlNode } from '../inputs/yaml.ts';
import { describeFunction, type FunctionWords, imageSign } from './functions.ts';
import type { PlaceKind, Sign, Surroundings } from './place.ts';
import { findLine, pythonOf, signAt, usualRuntime } from './place.ts';

const PRESETS: Readonly<Record<string, string>> = {
  aws: 'aws-lambda-zip',
  google: 'gcf-gen1',
  azure: 'azure-functions',
};

/** serverless.yml. */
export const serverless: PlaceKind = {
  matches: /(?:^|\/)serverless(?:\.[\w-]+)?\.ya?ml$/,
  mentions: 'provider',
  isBeside: true,
  async find({ lines, yaml }, around) {
    const root = await yaml();
    if (root === null) return unread(lines);
    const name = textOf(valueAt(root, 'provider', 'name')) || textOf(valueAt(root, 'provider'));
    const preset = PRESETS[name];
    if (preset === undefined) return [];
    const functions = entriesOf(valueAt(root, 'functions')).flatMap(({ value }) =>
      value.kind === 'table' ? [value] : [],
    );
    const all = functions.length === 0 ? [undefined] : functions;
    return all.flatMap((one) => signsOf(one, { root, preset, around }));
  },
};

interface Service {
  readonly root: YamlNode;
  readonly preset: string;
  readonly around: Surroundings;
}

function signsOf(own: YamlNode | undefined, { root, preset, around }: Service): readonly Sign[] {
  const fill = (node: YamlNode | undefined): string => fillIn(textOf(node), root);
  const image = valueAt(own ?? null, 'image');
  const [runtime, processor] = ['runtime', 'architecture'].map(
    (key) => valueAt(own ?? null, key) ?? valueAt(root, 'provider', key),
  );
  const words: FunctionWords = { runtime: fill(runtime), processor: fill(processor) };
  if (image !== undefined) {
    if (preset !== 'aws-lambda-zip') return [];
    const { place } = image;
    const named = textOf(valueAt(image, 'name')) || textOf(image);
    const built = valueAt(root, 'provider', 'ecr', 'images', named);
    const context = textOf(valueAt(built ?? null, 'path')) || textOf(built);
    if (context === '') return [];
    const file = textOf(valueAt(built ?? null, 'file'));
    return imageSign({ line: place.line, words, context, file }, around);
  }
  if (runtime === undefined) return [];
  const packed = valueAt(root, 'custom', 'pythonRequirements') ?? null;
  // Of what a variable decides, the plugin tells that it is Python.
  const isPython = pythonOf(words.runtime) !== null || (packed !== null && isOpen(words.runtime));
  if (!isPython || isTrue(valueAt(packed, 'zip'))) return [];
  const line = (valueAt(own ?? null, 'runtime') ?? valueAt(own ?? null, 'architecture') ?? runtime)
    .place.line;
  const excluded = textsOf(valueAt(packed, 'noDeploy'));
  const shrinks = isTrue(valueAt(packed, 'slim')) ? shrinking(packed) : undefined;
  const described = describeFunction(words);
  return [
    {
      preset,
      line,
      runtime: preset === 'aws-lambda-zip' ? described : usualRuntime(described.python),
      ...(excluded.length === 0 ? {} : { excluded }),
      ...(shrinks === undefined ? {} : { shrinks }),
    },
  ];
}

function isTrue(node: YamlNode | undefined): boolean {
  return textOf(node) === 'true';
}

function isOpen(text: string): boolean {
  return text.includes('${');
}

/** What `slim` of the plugin does: it deletes by patterns, and strips the libraries unless that is switched off. */
function shrinking(packed: YamlNode | null): string {
  const more = textsOf(valueAt(packed, 'slimPatterns')).length === 0 ? '' : ' and slimPatterns';
  return textOf(valueAt(packed, 'strip')) === 'false'
    ? `slim deletes .dist-info${more}`
    : `slim strips the libraries and deletes .dist-info${more}`;
}

/** Text with `${self:custom.name}` filled in, the rest as it stands. */
function fillIn(text: string, root: YamlNode): string {
  const keys = /^\$\{self:([\w.-]+)\}$/.exec(text.trim())?.[1]?.split('.');
  const value = keys === undefined ? '' : textOf(valueAt(root, ...keys));
  return value === '' || isOpen(value) ? text : value;
}

/** Of a file that is no YAML before something fills it in, what its lines say. */
function unread(lines: readonly string[]): readonly Sign[] {
  const provider = lines[findLine(lines, /^\s+name:\s*["']?(?:aws|google|azure)\b/) - 1] ?? '';
  const preset = Object.entries(PRESETS).find(([name]) => provider.includes(name))?.[1];
  if (preset === undefined || findLine(lines, /^\s+zip:\s*true\b/) > 0) return [];
  return signAt(preset, lines, /^\s+runtime:\s*["']?python/, usualRuntime(null));
}

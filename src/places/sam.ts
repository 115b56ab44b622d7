/**
 * Templates of SAM and CloudFormation. Traps: what `Globals` says holds for functions of SAM alone; a function of a container
 * image has no `Runtime`, or one that is not looked at; `!Ref` names a parameter, of which the file knows no more than a default;
 * each function packs a folder of its own, which may be another project.
 */
import { entriesOf, textOf, textsOf, valueAt } from '../ci/yaml-values.ts';
import { joinPath } from '../inputs/file-access.ts';
import type { YamlNode } from '../inputs/yaml.ts';
import { describeFunction, type FunctionWords, imageSign } from './functions.ts';
import type { PlaceKind, Sign, Surroundings } from './place.ts';
import { findLine, pythonOf, signAt, usualRuntime } from './place.ts';

/** A template by its usual names. */
export const samTemplate: PlaceKind = {
  matches:
    /(?:^|\/)[^/]*(?:template|sam|cloudformation|cfn|stack|lambda|function)[^/]*\.(?:ya?ml|json)$/i,
  mentions: '::Function',
  namesFolders: true,
  async find({ lines, yaml }, around) {
    if (findLine(lines, /\bAWS::(?:Serverless|Lambda)::Function\b/) === 0) return [];
    const root = await yaml();
    if (root === null) {
      const runtime = /["']?\bRuntime["']?\s*:\s*["']?python/;
      return signAt('aws-lambda-zip', lines, runtime, usualRuntime(null));
    }
    const parameters = valueAt(root, 'Parameters') ?? null;
    return entriesOf(valueAt(root, 'Resources')).flatMap(({ value }) => {
      const type = textOf(valueAt(value, 'Type'));
      if (type === 'AWS::Lambda::Function') return signsOf(value, null, { parameters, around });
      if (type !== 'AWS::Serverless::Function') return [];
      return signsOf(value, valueAt(root, 'Globals', 'Function') ?? null, { parameters, around });
    });
  },
};

interface Template {
  readonly parameters: YamlNode | null;
  readonly around: Surroundings;
}

function signsOf(
  resource: YamlNode,
  globals: YamlNode | null,
  { parameters, around }: Template,
): readonly Sign[] {
  const own = valueAt(resource, 'Properties') ?? null;
  const find = (key: string): YamlNode | undefined => valueAt(own, key) ?? valueAt(globals, key);
  const say = (node: YamlNode | undefined): string => {
    const [text = ''] = node?.kind === 'list' ? node.items.map((item) => textOf(item)) : [];
    const written = text || textOf(node) || textOf(valueAt(node ?? null, 'Ref'));
    return textOf(valueAt(parameters, written, 'Default')) || written;
  };
  const runtime = find('Runtime');
  const words: FunctionWords = { runtime: say(runtime), processor: say(find('Architectures')) };
  const packageType = find('PackageType');
  if (packageType !== undefined && say(packageType) === 'Image') {
    const metadata = valueAt(resource, 'Metadata') ?? null;
    const context = textOf(valueAt(metadata, 'DockerContext')) || '.';
    const file = textOf(valueAt(metadata, 'Dockerfile'));
    return imageSign({ line: packageType.place.line, words, context, file }, around);
  }
  if (runtime === undefined || pythonOf(words.runtime) === null) {
    const isAnyPython = /^python3?$/.test(words.runtime);
    if (runtime === undefined || !isAnyPython) return [];
  }
  const line = (valueAt(own, 'Runtime') ?? valueAt(own, 'Architectures') ?? runtime).place.line;
  const packs = folderOfCode(find('CodeUri'), around);
  return [
    {
      preset: 'aws-lambda-zip',
      line,
      runtime: describeFunction(words),
      ...(packs === null ? {} : { packs }),
    },
  ];
}

/** The folder that is built; null where it is an archive, or not here. */
function folderOfCode(node: YamlNode | undefined, { paths, folder }: Surroundings): string | null {
  const [text = ''] = textsOf(node);
  if (text === '' || /[:$]|\.(?:zip|jar)$/.test(text)) return null;
  const path = joinPath(folder.replace(/\/$/, '') || '.', text);
  if (path === '.') return path;
  return [...paths].some((one) => one.startsWith(`${path}/`)) ? path : null;
}

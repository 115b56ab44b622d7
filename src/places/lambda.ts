/**
 * Lambda functions in a zip. Traps: a function may be a container image, for which the limit does not hold; some tools pack
 * dependencies a second time and unpack them to /tmp at run time (`zip: true`, `slim_handler`), which evades it.
 */
import type { PlaceKind } from './place.ts';
import { findLine, signAt } from './place.ts';

const PRESET = 'aws-lambda-zip';

/** The Serverless Framework; its provider may be another cloud. */
export const serverless: PlaceKind = {
  matches: /(?:^|\/)serverless(?:\.[\w-]+)?\.ya?ml$/,
  mentions: 'runtime',
  isBeside: true,
  find({ lines }) {
    const provider = lines[findLine(lines, /^\s+name:\s*["']?(?:aws|google|azure)\b/) - 1] ?? '';
    if (findLine(lines, /^\s+runtime:\s*["']?python/) === 0) return null;
    const runtime = /^\s+runtime:\s*["']?python/;
    if (provider.includes('google')) return signAt('gcf-gen1', lines, runtime);
    if (provider.includes('azure')) return signAt('azure-functions', lines, runtime);
    if (!provider.includes('aws') || findLine(lines, /^\s+zip:\s*true\b/) > 0) return null;
    return signAt(PRESET, lines, runtime);
  },
};

/** Templates of SAM and CloudFormation. A function of an image has no `Runtime`. */
export const samTemplate: PlaceKind = {
  matches:
    /(?:^|\/)[^/]*(?:template|sam|cloudformation|cfn|stack|lambda|function)[^/]*\.(?:ya?ml|json)$/i,
  mentions: '::Function',
  find({ lines }) {
    const isTemplate = findLine(lines, /\bAWS::(?:Serverless|Lambda)::Function\b/) > 0;
    return isTemplate ? signAt(PRESET, lines, /["']?\bRuntime["']?\s*:\s*["']?python/) : null;
  },
};

/** Zappa. */
export const zappa: PlaceKind = {
  matches: /(?:^|\/)zappa_settings\.(?:json|ya?ml|toml)$/,
  mentions: '',
  isBeside: true,
  find({ lines }) {
    if (findLine(lines, /slim_handler["']?\s*[:=]\s*true/i) > 0) return null;
    const runtime = signAt(PRESET, lines, /runtime["']?\s*[:=]\s*["']?python/);
    return runtime ?? signAt(PRESET, lines, /(?:app_function|django_settings)["']?\s*[:=]/);
  },
};

/** AWS Chalice. */
export const chalice: PlaceKind = {
  matches: /(?:^|\/)\.chalice\/config\.json$/,
  mentions: 'app_name',
  isBeside: true,
  find: ({ lines }) => signAt(PRESET, lines, /"app_name"\s*:/),
};

/**
 * Terraform: a function of an image has no `runtime`. A module may bring the code of a small function of its own, so that
 * what is packed has to lie outside of it, or the file at the top of the project.
 */
export const terraform: PlaceKind = {
  matches: /\.tf$/,
  mentions: 'function',
  find({ lines }, { isProject }) {
    const packed =
      /^\s*(?:source_dir|source_path|source_file|filename|local_existing_package)\s*=.*(?:\.\.\/|path\.(?:root|cwd))/;
    if (!isProject && findLine(lines, packed) === 0) return null;
    const runtime = /^\s*runtime\s*=\s*"python/;
    if (findLine(lines, /\bgoogle_cloudfunctions_function"/) > 0)
      return signAt('gcf-gen1', lines, runtime);
    const isLambda =
      findLine(lines, /"aws_lambda_function"|terraform-aws-modules\/lambda\/aws/) > 0;
    return isLambda ? signAt(PRESET, lines, runtime) : null;
  },
};

/** Modules that the platform brings where the code runs: the runtime of AWS Lambda, and the layers that its templates name. */

import type { SourceAccess } from '../imports/source-access.ts';
import type { ImportScan } from '../types.ts';

/** What the Python runtimes of AWS Lambda hold (AWS documentation, Lambda runtimes for Python: the SDK is included). */
const OF_RUNTIME = ['boto3', 'botocore', 's3transfer', 'jmespath', 'dateutil', 'urllib3', 'six'];
/** Layers by a word of their name: Powertools for AWS Lambda documentation, Lambda layer; AWS SDK for pandas, the same. */
const OF_LAYERS: readonly (readonly [RegExp, readonly string[]])[] = [
  [
    /AWSLambdaPowertoolsPython/,
    ['aws_lambda_powertools', 'aws_xray_sdk', 'pydantic', 'jsonpath_ng'],
  ],
  [/AWSSDKPandas|AWSDataWrangler/, ['awswrangler', 'pandas', 'numpy', 'pyarrow']],
];

const TEMPLATE =
  /(?:^|\/)(?:[^/]*template[^/]*|serverless[^/]*|sam[^/]*)\.(?:ya?ml|json)$|\.tf$|(?:^|\/)[^/]*Dockerfile[^/]*$/i;
const FUNCTION =
  /AWS::(?:Serverless|Lambda)::Function|^\s*runtime\s*[:=]\s*["']?python3|public\.ecr\.aws\/(?:sam|lambda)\/|\bamazon\/aws-lambda-python/im;

/** Top-level modules that are there without a requirement; empty where no template makes a function. */
export function hostedModules(
  { sources, around }: Pick<ImportScan, 'sources' | 'around'>,
  access: Pick<SourceAccess, 'read'>,
): ReadonlySet<string> {
  const modules = new Set<string>();
  for (const path of [...(sources?.texts ?? []), ...(around?.sources.texts ?? [])]) {
    if (!TEMPLATE.test(path)) continue;
    const content = access.read(path, 1_000_000);
    if (!content.ok) continue;
    const text = new TextDecoder().decode(content.bytes.subarray(0, content.length));
    if (!FUNCTION.test(text)) continue;
    for (const module of OF_RUNTIME) modules.add(module);
    for (const [layer, names] of OF_LAYERS)
      if (layer.test(text)) for (const name of names) modules.add(name);
  }
  return modules;
}

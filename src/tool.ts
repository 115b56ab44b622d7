import packageDescription from '../package.json' with { type: 'json' };

/** The name and version that every document carries and `--version` prints. */
export const TOOL: { readonly name: 'depweight'; readonly version: string } = {
  name: 'depweight',
  version: packageDescription.version,
};

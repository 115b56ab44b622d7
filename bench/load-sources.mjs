/** The parts of src that a bench needs beside the command line, compiled into memory. */
import { compileSources } from '../scripts/compile-sources.mjs';

/** `createHttp`, `readWheelFacts`, `defaultIndexUrl` and `jsonApiUrl` as they stand in src. */
export function loadSources() {
  return compileSources(`
    export { createHttp } from './src/io/http.ts';
    export { readWheelFacts } from './src/package-index/wheel-reader.ts';
    export { defaultIndexUrl, jsonApiUrl } from './src/package-index/default-index.ts';`);
}

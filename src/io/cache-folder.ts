/** Where the platform keeps caches of a user. */
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The folder for depweight's cache: `DEPWEIGHT_CACHE_DIR`, else the place that the platform has for caches. */
export function cacheFolder(variables: Readonly<Record<string, string | undefined>>): string {
  const own = variables['DEPWEIGHT_CACHE_DIR'];
  if (own !== undefined && own !== '') return own;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'depweight');
  if (process.platform === 'win32') {
    return join(
      variables['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'),
      'depweight',
      'cache',
    );
  }
  const shared = variables['XDG_CACHE_HOME'];
  return join(
    shared === undefined || shared === '' ? join(homedir(), '.cache') : shared,
    'depweight',
  );
}

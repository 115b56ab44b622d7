/** Files of the user and the site that say which index to ask: pip.conf, uv.toml, netrc. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { UserFile } from '../audit-env.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** The files that exist, strongest first. An unreadable one is as good as none: pip and uv do the same. */
export function readUserFiles(variables: Variables): readonly UserFile[] {
  return candidates(variables).flatMap(({ kind, path }) => {
    try {
      return [{ kind, path, text: readFileSync(path, 'utf8') }];
    } catch (error) {
      if (error instanceof Error && 'code' in error) return [];
      throw error;
    }
  });
}

function candidates(variables: Variables): readonly Pick<UserFile, 'kind' | 'path'>[] {
  const home = homedir();
  const configuration = variables['XDG_CONFIG_HOME'] ?? join(home, '.config');
  const pipFile = variables['PIP_CONFIG_FILE'];
  const roaming = variables['APPDATA'] ?? join(home, 'AppData', 'Roaming');
  const onWindows = process.platform === 'win32';
  const pip = onWindows
    ? [join(home, 'pip', 'pip.ini'), join(roaming, 'pip', 'pip.ini')]
    : [
        ...(process.platform === 'darwin'
          ? [join(home, 'Library', 'Application Support', 'pip', 'pip.conf')]
          : []),
        join(home, '.pip', 'pip.conf'),
        join(configuration, 'pip', 'pip.conf'),
        '/etc/pip.conf',
      ];
  const uv = onWindows
    ? [join(roaming, 'uv', 'uv.toml')]
    : [join(configuration, 'uv', 'uv.toml'), '/etc/uv/uv.toml'];
  const netrc = variables['NETRC'] ?? join(home, onWindows ? '_netrc' : '.netrc');
  return [
    ...(pipFile === undefined ? [] : [{ kind: 'pip' as const, path: pipFile }]),
    ...uv.map((path) => ({ kind: 'uv' as const, path })),
    ...pip.map((path) => ({ kind: 'pip' as const, path })),
    { kind: 'netrc' as const, path: netrc },
  ];
}

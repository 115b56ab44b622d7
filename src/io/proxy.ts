/** Proxies of the environment, as curl and pip read them. */

/** Chooses the proxy for an address from HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, in either case. */
export function createProxyChoice(
  variables: Readonly<Record<string, string | undefined>>,
): (url: string) => string | null {
  const read = (name: string): string => variables[name.toLowerCase()] ?? variables[name] ?? '';
  const exceptions = read('NO_PROXY')
    .split(/[,\s]+/)
    .filter((entry) => entry !== '');
  const all = read('ALL_PROXY');
  const secure = read('HTTPS_PROXY') || all;
  const plain = read('HTTP_PROXY') || all;
  return (url) => {
    const { protocol, hostname, port } = new URL(url);
    const proxy = protocol === 'https:' ? secure : plain;
    if (proxy === '' || exceptions.some((entry) => matches(entry, hostname, port))) return null;
    return proxy.includes('://') ? proxy : `http://${proxy}`;
  };
}

/** `example.org` and `.example.org` cover the host and everything below it, `*` covers all. */
function matches(entry: string, hostname: string, port: string): boolean {
  if (entry === '*') return true;
  const [name = '', wantedPort] = entry.startsWith('[') ? [entry] : entry.split(':');
  if (wantedPort !== undefined && wantedPort !== port) return false;
  const bare = name.replace(/^\*?\./, '').toLowerCase();
  return hostname === bare || hostname.endsWith(`.${bare}`);
}

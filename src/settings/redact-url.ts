/** Addresses carry secrets: what may be printed of one, and of text that holds some. */

const withUserInfo = /([a-z][a-z0-9+.-]*:\/\/)[^\s/?#@]*(?:@[^\s/?#@]*)*@/gi;
const withSecretQuery = /([?&](?:[\w-]*(?:token|key|secret|password|signature|sig))=)[^&#\s]+/gi;

/** A URL, or text that holds URLs, without user names, passwords and secret query values. */
export function redactUrl(text: string): string {
  if (!text.includes('://')) return text;
  return text.replace(withUserInfo, '$1****@').replace(withSecretQuery, '$1****');
}

/** Host of an http(s) URL in lower case without port and credentials, null where there is none. */
export function hostOf(url: string): string | null {
  const match = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#]*@)?(\[[^\]]*\]|[^/?#:]*)/i.exec(url);
  return match?.[1] ? match[1].toLowerCase() : null;
}

/** True for hosts that serve credentials of the machine itself (link-local, cloud metadata): never asked. */
export function isLinkLocalUrl(url: string): boolean {
  const host = hostOf(url);
  if (host === null) return false;
  return (
    host.startsWith('169.254.') || /^\[fe[89ab]/.test(host) || host === 'metadata.google.internal'
  );
}

/** True for plain http to another machine: what comes back can be changed on the way. */
export function isPlainHttp(url: string): boolean {
  if (!/^http:\/\//i.test(url)) return false;
  const host = hostOf(url);
  return host !== 'localhost' && host !== '[::1]' && !(host ?? '').startsWith('127.');
}

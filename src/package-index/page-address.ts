/** Addresses as pages write them. */
import { withoutCredentials } from './credentials.ts';

/** The address made absolute, without credentials; null when it cannot be one or is for neither web nor file. */
export function absoluteAddress(address: string, base: string): string | null {
  // Most addresses are plain absolute ones already; `URL` costs a microsecond for each.
  if (address.startsWith('https://') || address.startsWith('http://'))
    return withoutCredentials(address);
  try {
    const url = new URL(address, base);
    url.username = '';
    url.password = '';
    return isAllowed(url.protocol, base) ? url.href : null;
  } catch {
    return null;
  }
}

/** A page of the web must not point into the disk of the reader. */
function isAllowed(protocol: string, base: string): boolean {
  return (
    protocol === 'https:' ||
    protocol === 'http:' ||
    (protocol === 'file:' && base.startsWith('file:'))
  );
}

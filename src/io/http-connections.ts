/**
 * Connections to the hosts of indexes: one of HTTP/2 where the host speaks it, else a small pool.
 *
 * Traps: pipelining on an HTTP/1.1 connection lets one slow answer hold up all others, so the protocol is settled
 * (ALPN) before the first request · the whole of undici takes 100 ms of CPU to load, the pool alone a third of it ·
 * `import()` of a CommonJS package first looks through its text for names, which `require` does not.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type * as Undici from 'undici';
import type { Dispatcher } from 'undici';
import { DepweightError } from '../errors.ts';

/** What of the user's machine decides how a host is reached. */
export interface ConnectionOptions {
  /** PEM file of extra certificate authorities. */
  readonly certificateFile?: string;
  /** Proxy for an address, or null. */
  readonly proxyFor?: (url: string) => string | null;
  /** Ends connections that are still being opened. */
  readonly signal?: AbortSignal;
}

/** All connections of a run. Close them, or they keep the process alive. */
export interface Connections {
  /** Waits for a place among the requests of the host; `release` gives it back. */
  dispatcherFor(
    address: URL,
  ): Promise<{ readonly dispatcher: Dispatcher; readonly release: () => void }>;
  close(): Promise<void>;
}

interface Connected {
  readonly dispatcher: Dispatcher;
  /** Ends the connection that was opened beforehand, if no request took it. */
  readonly dropUnused: () => void;
  readonly limit: LimitGate;
}

interface LimitGate {
  enter(): Promise<() => void>;
}

/** One dispatcher per origin, made on first use. */
export function createConnections(options: ConnectionOptions): Connections {
  const byOrigin = new Map<string, Promise<Connected>>();
  return {
    async dispatcherFor(address) {
      const { origin } = address;
      const known = byOrigin.get(origin) ?? connectTo(options, address);
      byOrigin.set(origin, known);
      try {
        const { dispatcher, limit } = await known;
        return { dispatcher, release: await limit.enter() };
      } catch (error) {
        byOrigin.delete(origin);
        throw error;
      }
    },
    async close() {
      const connected = await Promise.allSettled(byOrigin.values());
      await Promise.allSettled(
        connected.map(async (result) => {
          if (result.status !== 'fulfilled') return;
          result.value.dropUnused();
          await result.value.dispatcher.destroy();
        }),
      );
    },
  };
}

const streamsPerHttp2Connection = 96;
const connectionsPerHttp1Host = 16;
/**
 * What a host may send before it has to wait for us. We read while we compute, so that small windows would leave the
 * line idle as long as a page is parsed; the sizes are those of browsers.
 */
const streamWindowBytes = 6 * 1024 * 1024;
const connectionWindowBytes = 16 * 1024 * 1024;

async function connectTo(options: ConnectionOptions, address: URL): Promise<Connected> {
  const certificate =
    options.certificateFile === undefined
      ? {}
      : { ca: await certificates(options.certificateFile) };
  const proxy = options.proxyFor?.(address.href) ?? null;
  const { signal } = options;
  return proxy === null
    ? connectDirectly(address, { ...certificate, ...(signal === undefined ? {} : { signal }) })
    : connectThrough(proxy, certificate);
}

interface Certificate {
  readonly ca?: string[];
}

async function connectThrough(proxy: string, certificate: Certificate): Promise<Connected> {
  const { ProxyAgent } = loadUndici();
  const dispatcher = new ProxyAgent({
    uri: proxy,
    connections: connectionsPerHttp1Host,
    requestTls: certificate,
    proxyTls: certificate,
  });
  const limit = await createLimit(connectionsPerHttp1Host);
  return { dispatcher, limit, dropUnused: () => undefined };
}

async function connectDirectly(
  address: URL,
  socketOptions: Certificate & { readonly signal?: AbortSignal },
): Promise<Connected> {
  const { Pool, createConnector } = loadPool();
  const connector = createConnector({
    allowH2: address.protocol === 'https:',
    timeout: 15_000,
    ...socketOptions,
  });
  // The protocol decides how many requests may share a connection, so one is opened before the first request.
  const first = await dial(connector, address);
  const isHttp2 = 'alpnProtocol' in first && first.alpnProtocol === 'h2';
  let unused: typeof first | null = first;
  const connect: typeof connector = (target, callback) => {
    const ready = unused;
    unused = null;
    if (ready === null || ready.destroyed) connector(target, callback);
    // undici takes a connection only after the call has returned.
    else setImmediate(() => callback(null, ready));
  };
  const dispatcher = new Pool(address.origin, {
    connect,
    allowH2: isHttp2,
    connections: isHttp2 ? 1 : connectionsPerHttp1Host,
    pipelining: isHttp2 ? streamsPerHttp2Connection : 1,
    initialWindowSize: streamWindowBytes,
    connectionWindowSize: connectionWindowBytes,
  });
  return {
    dispatcher,
    // undici does not know of it, and it keeps the process alive.
    dropUnused: () => void unused?.destroy(),
    limit: await createLimit(isHttp2 ? streamsPerHttp2Connection : connectionsPerHttp1Host),
  };
}

function loadUndici(): typeof Undici {
  return createRequire(import.meta.url)('undici');
}

/** The two parts of undici that a direct connection needs. Its version is pinned, and the tests load it so. */
function loadPool(): {
  readonly Pool: typeof Undici.Pool;
  readonly createConnector: typeof Undici.buildConnector;
} {
  const require = createRequire(import.meta.url);
  return {
    Pool: require('undici/lib/dispatcher/pool.js'),
    createConnector: require('undici/lib/core/connect.js'),
  };
}

type Connector = ReturnType<typeof Undici.buildConnector>;
type Socket = NonNullable<Parameters<Parameters<Connector>[1]>[1]>;

function dial(connector: Connector, address: URL): Promise<Socket> {
  const isSecure = address.protocol === 'https:';
  return new Promise((resolve, reject) => {
    connector(
      {
        hostname: address.hostname,
        host: address.host,
        protocol: address.protocol,
        port: address.port === '' ? (isSecure ? '443' : '80') : address.port,
        ...(isSecure ? { servername: address.hostname } : {}),
      },
      (error, socket) => {
        // undici leaves the other of the two undefined, whatever its types say.
        if (error) reject(error);
        else if (socket) resolve(socket);
        else reject(new Error('no connection'));
      },
    );
  });
}

/**
 * The user's authorities beside the list that Node.js ships; the system's own store is not read. In other tools
 * `SSL_CERT_FILE` replaces their list. Throws DepweightError.
 */
async function certificates(file: string): Promise<string[]> {
  const { rootCertificates } = await import('node:tls');
  return [...rootCertificates, readCertificates(file)];
}

function readCertificates(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    const reason = error.code === 'ENOENT' ? 'it is not there' : String(error.code);
    throw new DepweightError('certificate-unreadable', { path: file, reason }, { cause: error });
  }
}

async function createLimit(concurrency: number): Promise<LimitGate> {
  const { default: pLimit } = await import('p-limit');
  const limit = pLimit(concurrency);
  return {
    enter: () =>
      new Promise((entered) => {
        void limit(() => new Promise<void>((release) => entered(release)));
      }),
  };
}

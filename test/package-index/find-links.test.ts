import { afterEach, expect, test } from 'vitest';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { createHttp } from '../../src/io/http.ts';
import { readFindLinks } from '../../src/package-index/find-links.ts';
import type { Http } from '../../src/package-index/http.ts';
import type { Warning } from '../../src/types.ts';

let server: Server | null = null;
let http: Http | null = null;
afterEach(async () => {
  await http?.close();
  server?.close();
  server?.closeAllConnections();
  server = null;
  http = null;
});

async function serve(status: number, body: string): Promise<string> {
  const started = createServer((_request, response) => response.writeHead(status).end(body));
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  const address = started.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}/links/`;
}

const folders: Readonly<Record<string, readonly { filename: string; url: string }[]>> = {
  wheels: [
    { filename: 'tool-1.0-py3-none-any.whl', url: 'file:///wheels/tool-1.0-py3-none-any.whl' },
  ],
};

async function read(
  places: readonly string[],
): Promise<{ urls: readonly string[]; warnings: readonly Warning[] }> {
  const warnings: Warning[] = [];
  http = createHttp({ userAgent: 'test', retries: 0 });
  const opened = http;
  const entries = await readFindLinks(places, {
    http: () => Promise.resolve(opened),
    listFolder: (path) => folders[path] ?? null,
    warn: (warning) => warnings.push(warning),
  });
  return { urls: entries.map(({ url }) => url), warnings };
}

test('archives of folders and links of pages are put together', async () => {
  const page = await serve(200, '<a href="tool-2.0.tar.gz">x</a><a href="notes.txt">n</a>');
  expect(await read(['wheels', page])).toEqual({
    urls: ['file:///wheels/tool-1.0-py3-none-any.whl', `${page}tool-2.0.tar.gz`],
    warnings: [],
  });
});

test('a folder that is not there loses none of the rest', async () => {
  const { urls, warnings } = await read(['nowhere', 'wheels']);
  expect(urls).toHaveLength(1);
  expect(warnings).toEqual([]);
});

test('a page that fails makes the answer incomplete', async () => {
  const page = await serve(404, 'no');
  const { urls, warnings } = await read([page.replace('//', '//me:secret@'), 'wheels']);
  expect(urls).toHaveLength(1);
  expect(warnings).toMatchObject([
    { severity: 'incomplete', message: expect.stringContaining('404') },
  ]);
  expect(JSON.stringify(warnings)).not.toContain('secret');
});

test('a page that is none, and a host that does not answer, are told too', async () => {
  const page = await serve(200, 'plain text');
  const { warnings } = await read([page, 'http://127.0.0.1:9/links/']);
  expect(warnings.map(({ severity }) => severity)).toEqual(['incomplete', 'incomplete']);
});

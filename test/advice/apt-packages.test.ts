import { describe, expect, test } from 'vitest';
import apt from '../../data/apt.json' with { type: 'json' };
import images from '../../data/base-images.json' with { type: 'json' };
import { comesWithBase } from '../../src/image/base-images.ts';
import { auditImage, findingsOf, release } from '../image/support.ts';
import type { Finding } from '../../src/types.ts';

const { _meta: meta } = apt;
const universe = [release('flask', '1')];

/** Without what installing leaves behind, which has tests of its own. */
async function findings(...given: Parameters<typeof allFindings>): Promise<readonly Finding[]> {
  const found = await allFindings(...given);
  return found.filter(({ message }) => !/stay in this layer|keeps the index/.test(message));
}

async function allFindings(
  run: string,
  head = '',
  base = 'python:3.12-slim-bookworm',
): Promise<readonly Finding[]> {
  const text = `FROM ${base}\n${head}RUN ${run}\nCOPY . .\nRUN pip install -r requirements.txt\n`;
  return findingsOf(
    await auditImage(text, { 'requirements.txt': 'flask\n' }, universe),
    'apt-packages',
  );
}

function savingOf(...packages: readonly string[]): number {
  const row = apt.rows.find((one) => one.packages.join(' ') === packages.join(' '));
  if (row === undefined) throw new Error(`no row for ${packages.join(', ')}`);
  return row.bytesWithRecommends - row.bytes;
}

describe('apt-packages', () => {
  test('weighs what is recommended only, by the row of all that was measured together', async () => {
    const [finding, ...others] = await findings(
      'apt-get update && apt-get install -y \\\n    ffmpeg=7:5.1 \\\n    curl \\\n    not-measured',
    );
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      code: 'DW129',
      locations: [{ path: 'Dockerfile', line: 2 }],
      savedInstalledBytes: savingOf('ffmpeg', 'curl'),
      remedy: { kind: 'add' },
    });
    expect(finding?.message).toContain(`measured on Debian 12, ${meta.date}`);
    const [alone] = await findings('apt install -y ffmpeg git');
    expect(alone?.savedInstalledBytes).toBe(savingOf('ffmpeg'));
  });

  test.each([
    ['apt-get install -y --no-install-recommends ffmpeg', ''],
    ['apt-get install -y -o APT::Install-Recommends=0 ffmpeg', ''],
    [
      'apt-get install -y ffmpeg',
      `RUN echo 'APT::Install-Recommends "false";' > /etc/apt/apt.conf.d/99x\n`,
    ],
    ['apt-get install -y libsndfile1', ''],
    ['apt-get install -y not-measured', ''],
    ['apk add ffmpeg', ''],
  ])('says nothing of recommended ones for %s', async (run, head) => {
    expect(await findings(run, head)).toEqual([]);
  });

  test.each(['python:3.12', 'python:3.12-bookworm', 'docker.io/library/python@sha256:00'])(
    'says nothing of what %s has anyway',
    async (base) => {
      const run = 'apt-get install -y git gcc build-essential libpq-dev curl';
      expect(await findings(run, '', base)).toEqual([]);
      expect(await findings(`${run} ffmpeg`, '', base)).toHaveLength(1);
    },
  );

  test('knows a base by what it was built with', () => {
    const { packages, together } = images.full;
    expect(packages).not.toContain('build-essential');
    for (const [name, parts] of Object.entries(together)) {
      expect(packages).toEqual(expect.arrayContaining(parts));
      expect(comesWithBase('python:3.12', name)).toBe(true);
    }
    expect(comesWithBase('python:3.12', 'cmake')).toBe(false);
    expect(comesWithBase('python:3.12-slim', 'build-essential')).toBe(false);
  });

  test.each([
    'RUN curl -fsSL https://index.test/nodesource/setup_20.x | bash -\n',
    'RUN echo "deb https://index.test/apt x main" > /etc/apt/sources.list.d/x.list\n',
    'RUN add-apt-repository ppa:x/y\n',
    'COPY x.list /etc/apt/sources.list.d/\n',
  ])('does not take what another repository serves for that of Debian: %s', async (head) => {
    const run = 'apt-get install -y nodejs libpq-dev';
    expect(await findings(run, head)).toEqual([]);
    expect(await findings(`${run} ffmpeg`, head)).toHaveLength(1);
    expect(await findings(`${run}`, 'RUN rm -rf /etc/apt/sources.list.d/x.list\n')).toHaveLength(2);
  });

  test('names what is for building and stays in the image', async () => {
    const [finding] = await findings('apt-get install -y --no-install-recommends gcc g++ git');
    const row = apt.rows.find(({ packages }) => packages.join(' ') === 'gcc g++');
    expect(finding?.savedInstalledBytes).toBe(row?.bytes);
    expect(finding?.message).toContain('gcc and g++ are for building');
    const marked =
      'apt-get install -y gcc && pip install x && apt-mark auto ".*" > /dev/null && apt-get purge -y --auto-remove';
    expect(await findings(marked)).toEqual([]);
    const gone =
      'apt-get install -y --no-install-recommends gcc && pip install x; apt-get purge -y gcc';
    expect(await findings(gone)).toEqual([]);
  });

  test('names build packages that were not measured, without a number', async () => {
    const [finding] = await findings('apt-get install -y pkg-config libxml2-dev libxml2');
    expect(finding).toMatchObject({ savedInstalledBytes: null, locations: [{ line: 2 }] });
    expect(finding?.message).toBe(
      'pkg-config and libxml2-dev are for building, and stay in the image',
    );
    expect(finding?.remedy?.text).toContain('a library without -dev is enough');
    const [both] = await findings('apt-get install -y --no-install-recommends gcc libxml2-dev');
    expect(both?.message).toContain('gcc and libxml2-dev are for building');
    expect(both?.message).toContain('(gcc alone measured on');
    expect(both?.savedInstalledBytes).toBe(
      apt.rows.find(({ packages }) => packages.join() === 'gcc')?.bytes,
    );
    expect(await findings('apt-get install -y libxml2 && apt-get autoremove -y')).toEqual([]);
  });

  test('is not sure of a compiler where something calls one at run time', async () => {
    const text =
      'FROM python:3.12-slim\nRUN apt-get install -y --no-install-recommends gcc\nCOPY . .\nRUN pip install -r requirements.txt\n';
    const all = [...universe, release('triton', '3')];
    const document = await auditImage(text, { 'requirements.txt': 'flask\ntriton\n' }, all);
    const [finding] = findingsOf(document, 'apt-packages');
    expect(finding?.confidence).toBe('possible');
    expect(finding?.message).toContain('triton, which is there, may compile at run time');
    const [plain] = await findings('apt-get install -y --no-install-recommends gcc');
    expect(plain?.confidence).toBe('likely');
  });

  test('names those of Alpine, but for what the same instruction takes out', async () => {
    const base = 'python:3.12-alpine';
    const [finding, ...others] = await findings('apk add --no-cache gcc musl-dev libffi', '', base);
    expect(others).toEqual([]);
    expect(finding?.message).toBe('gcc and musl-dev are for building, and stay in the image');
    expect(finding?.savedInstalledBytes).toBeNull();
    for (const gone of [
      'apk add --no-cache --virtual .build gcc && pip install x && apk del .build',
      'apk add --no-cache --virtual=.build gcc && pip install x && apk del .build',
      'apk add --no-cache gcc && pip install x && apk del gcc',
    ])
      expect(await findings(gone, '', base)).toEqual([]);
  });

  test.each([
    ['apt-get update && apt-get install -y jq', 'the lists of packages that apt-get update'],
    ['apt-get update && apt-get upgrade -y && rm -rf /var/lib/apt/lists/*', 'apt-get upgrade puts'],
    ['apk add jq', 'apk keeps the index'],
    ['apk update && apk add --no-cache jq', 'apk keeps the index'],
  ])('%s: %s', async (run, said) => {
    const [finding, ...others] = await allFindings(run);
    expect(others).toEqual([]);
    expect(finding?.message).toContain(said);
    expect(finding).toMatchObject({
      locations: [{ path: 'Dockerfile', line: 2 }],
      savedInstalledBytes: null,
    });
  });

  test.each([
    'apt-get update && apt-get install -y jq && rm -rf /var/lib/apt/lists/*',
    'apt-get update && apt-get install -y jq && rm -rf /var/lib/apt',
    'apt-get update && apt-get install -y jq && rm -rf /var/lib/{apt,dpkg,cache,log}/',
    'apt-get update && apt-get install -y jq && find /var/lib/apt/lists -type f -delete',
    '--mount=type=cache,target=/var/lib/apt apt-get update && apt-get install -y jq',
    'apk add jq && rm -rf /var/cache/apk/*',
    'apk add --no-cache jq',
    'apt-get install -y jq',
  ])('nothing stays of %s', async (run) => {
    expect(await allFindings(run)).toEqual([]);
  });

  test('tells of lists that stay in several layers once, and not of those that a later layer deletes in vain', async () => {
    const update = 'apt-get update && apt-get install -y jq';
    const [finding, ...others] = await allFindings(update, `RUN ${update}\n`);
    expect(others).toEqual([]);
    expect(finding?.locations).toMatchObject([{ line: 2 }, { line: 3 }]);
    expect(finding?.message).toContain('; so at line 3');
    expect(await allFindings('rm -rf /var/lib/apt/lists/*', `RUN ${update}\n`)).toEqual([]);
  });

  test('is silent about a stage that is only copied from', async () => {
    const text =
      'FROM python:3.12 AS build\nRUN apt-get install -y gcc ffmpeg\nRUN pip install flask\nFROM python:3.12\nCOPY --from=build /opt/venv /opt/venv\n';
    const document = await auditImage(text, { 'requirements.txt': 'flask\n' }, universe);
    expect(findingsOf(document, 'apt-packages')).toEqual([]);
  });
});

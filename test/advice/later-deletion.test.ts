import { describe, expect, test } from 'vitest';
import { auditImage, findingsOf, release } from '../image/support.ts';
import type { Finding } from '../../src/types.ts';

const universe = [
  {
    name: 'flask',
    version: '1',
    files: [{ contents: { 'flask.py': 'x = 1\n', 'flask_tests/tests/test_x.py': 'y = 2\n' } }],
  },
  release('click', '1'),
];
const files = { 'requirements.txt': 'flask\n' };
const install = 'RUN pip install -r requirements.txt\n';

async function findings(text: string, head = 'FROM python:3.12\n'): Promise<readonly Finding[]> {
  return findingsOf(await auditImage(head + text, files, universe), 'later-deletion');
}

describe('later-deletion', () => {
  test('names the line that wrote what is deleted, with the bytes where they can be told', async () => {
    const text = `COPY . .\n${install}RUN rm -rf /root/.cache\n`;
    const document = await auditImage(`FROM python:3.12\n${text}`, files, universe);
    const [finding] = findingsOf(document, 'later-deletion');
    expect(finding).toMatchObject({
      code: 'DW124',
      locations: [{ path: 'Dockerfile', line: 4 }, { line: 3 }],
      savedInstalledBytes: document.totals.downloadBytes,
    });
    expect(finding?.message).toContain('`rm -rf /root/.cache` frees nothing: what line 3 wrote');
  });

  test.each([
    ['COPY models/ models/', 'RUN rm -rf models', 1],
    ['COPY models/ models/', 'RUN rm -rf /app/models/', 1],
    ['COPY models/ /app/models/', 'RUN cd / && rm -rf app/models', 1],
    ['COPY models/ models/', 'RUN rm -rf /models', 0],
  ])('finds what was copied by where it lies: %s, %s', async (copy, run, count) => {
    const found = await findings(`WORKDIR /app\nCOPY . .\n${install}${copy}\n${run}\n`);
    expect(found).toHaveLength(count);
  });

  test('weighs the parts of packages that a later find deletes', async () => {
    const [tests] = await findings(
      `${install}RUN find /usr/local/lib/python3.12/site-packages -type d -name tests -exec rm -rf {} +\n`,
    );
    expect(tests?.savedInstalledBytes).toBe('y = 2\n'.length);
    const [both] = await findings(
      `${install}RUN find /usr/local \\( -name '*.pyc' -o -name tests \\) -exec rm -rf '{}' \\;\n`,
    );
    expect(both?.savedInstalledBytes).toBeGreaterThan('y = 2\n'.length);
    const [whole] = await findings(
      `${install}RUN rm -rf /usr/local/lib/python3.12/site-packages/pip\n`,
    );
    expect(whole?.savedInstalledBytes).toBeNull();
  });

  test('weighs no bytecode where none was compiled', async () => {
    const gone = `RUN find /usr/local -name '*.pyc' -delete\n`;
    const [compiled] = await findings(install + gone);
    expect(compiled?.savedInstalledBytes).toBeGreaterThan(0);
    const [plain] = await findings(`RUN pip install --no-compile -r requirements.txt\n${gone}`);
    expect(plain?.savedInstalledBytes).toBeNull();
  });

  test('weighs the bytecode of those commands alone that compile', async () => {
    const more = { ...files, 'more.txt': 'click\n' };
    const gone = `RUN find / -name '*.pyc' -delete\n`;
    const of = async (first: string, second: string): Promise<readonly Finding[]> => {
      const text = `FROM python:3.12\nCOPY . .\nRUN pip install ${first}\nRUN pip install ${second}\n${gone}`;
      return findingsOf(await auditImage(text, more, universe), 'later-deletion');
    };
    const [both] = await of('-r requirements.txt', '-r more.txt');
    const [one] = await of('-r requirements.txt', '--no-compile -r more.txt');
    const [other] = await of('--no-compile -r requirements.txt', '-r more.txt');
    const bytes = [one, other].map((finding) => finding?.savedInstalledBytes ?? 0);
    expect(Math.min(...bytes)).toBeGreaterThan(0);
    expect(both?.savedInstalledBytes).toBe((bytes[0] ?? 0) + (bytes[1] ?? 0));
    expect(both?.message).toContain(
      'what line 3 and line 4 wrote stays in the layers of these lines',
    );
    expect(both?.locations).toMatchObject([{ line: 5 }, { line: 3 }, { line: 4 }]);
  });

  test('tells nothing in bytes of a deletion in one folder of all', async () => {
    const place = '/usr/local/lib/python3.12/site-packages/flask';
    const [finding] = await findings(`${install}RUN find ${place} -name tests -exec rm -r {} +\n`);
    expect(finding?.savedInstalledBytes).toBeNull();
  });

  test('names the lines of scripts, and those that run them', async () => {
    const text = 'FROM python:3.12\nCOPY . .\nRUN sh in.sh\nRUN sh out.sh\n';
    const scripts = {
      ...files,
      'in.sh': 'set -e\npip install -r requirements.txt\n',
      'out.sh': 'cd /\n\nrm -rf /root/.cache\n',
    };
    const document = await auditImage(text, scripts, universe);
    const [finding] = findingsOf(document, 'later-deletion');
    expect(finding?.locations).toMatchObject([
      { path: 'out.sh', line: 3 },
      { path: 'Dockerfile', line: 4 },
      { path: 'in.sh', line: 2 },
      { path: 'Dockerfile', line: 3 },
    ]);
    expect(finding?.message).toContain('what in.sh:2 (line 3) wrote');
    expect(finding?.remedy?.text).toContain('(line 3)');
    expect(finding?.savedInstalledBytes).toBe(document.totals.downloadBytes);
  });

  test('takes what find does otherwise for no deletion', async () => {
    const where = `${install}RUN find /opt/venv/bin -type f -exec`;
    expect(await findings(`${where} sed -i 's/a/b/' {} \\;\n`)).toEqual([]);
    expect(await findings(`${where} sh -c 'rm -f "$1"' _ {} \\;\n`)).toHaveLength(1);
  });

  test('knows environments and files that come by COPY', async () => {
    const staged =
      'FROM python:3.12 AS build\nRUN pip install -r requirements.txt\nFROM python:3.12\n';
    expect(
      await findings(
        'COPY --from=build /opt/venv /opt/venv\nRUN find /opt/venv -name tests -delete\n',
        staged,
      ),
    ).toMatchObject([{ locations: [{ line: 5 }, { line: 4 }] }]);
    expect(
      await findings('COPY --from=build /wheels /wheels\nRUN rm -rf /wheels\n', staged),
    ).toMatchObject([{ locations: [{ line: 5 }, { line: 4 }] }]);
  });

  test('knows lists and packages of the distribution', async () => {
    expect(
      await findings(
        'RUN apt-get update && apt-get install -y gcc\nRUN rm -rf /var/lib/apt/lists/*\n',
      ),
    ).toHaveLength(1);
    expect(
      await findings('RUN apt-get update && apt-get install -y gcc\nRUN apt-get purge -y gcc\n'),
    ).toHaveLength(1);
  });

  test.each([
    `RUN pip install -r requirements.txt && rm -rf /root/.cache\n`,
    `RUN pip install -r requirements.txt && find / -name tests -delete\n`,
    `RUN apt-get update && apt-get install -y gcc && apt-get purge -y gcc && rm -rf /var/lib/apt/lists/*\n`,
    `${install}RUN rm -rf /tmp/build\n`,
    `${install}RUN find /app -name '*.log' -delete\n`,
  ])('is silent for %j', async (text) => {
    expect(await findings(text)).toEqual([]);
  });

  test('is silent about a stage of which only the result is copied', async () => {
    const staged = `FROM python:3.12 AS build\n${install}RUN rm -rf /root/.cache\nFROM python:3.12\nCOPY --from=build /opt/venv /opt/venv\n`;
    expect(await findings('', staged)).toEqual([]);
  });
});

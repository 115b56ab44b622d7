import { describe, expect, it } from 'vitest';
import type { OtherModuleList, OtherModules } from '../../src/usage/module-owners.ts';
import { judgeUsage, questionsFor } from '../../src/usage/judge-usage.ts';
import { declare, invent, judgeScene, scanTree, verdicts, evidenceOf } from '../imports/support.ts';
import type { Scene } from '../imports/support.ts';

const PLAIN = { files: { 'app.py': 'import flask\n' }, graph: { flask: {} } } as const;

/** The verdict on `subject`, declared beside a used flask. */
async function verdict(
  scene: Partial<Scene> & Pick<Scene, 'graph'>,
  name = 'subject',
): Promise<string | undefined> {
  const { files = PLAIN.files, declared = ['flask', name], graph, ...rest } = scene;
  return (await verdicts({ files, declared, graph: { ...PLAIN.graph, ...graph }, ...rest }))[name];
}

/** What other files tell of `subject`. */
function others(list: Partial<OtherModuleList>): OtherModules {
  const none = { modules: [], scripts: [], entryPoints: {} };
  const name = invent('subject').name;
  return new Map([[name, { ...none, source: 'the wheel of 0.9', accuses: true, ...list }]]);
}

describe('imports of product code', () => {
  it.each([
    ['import subject', 'used certain'],
    ['def f():\n    import subject.x', 'used certain'],
    ['from subject import a', 'used certain'],
    ['importlib.import_module("subject.x")', 'used certain'],
    ['try:\n    import subject\nexcept ImportError:\n    subject = None', 'optional certain'],
    [
      'try:\n    import subject\nexcept ImportError as e:\n    raise SystemExit from e',
      'used certain',
    ],
    ['try:\n    import json5\nexcept ImportError:\n    import subject', 'optional certain'],
    ['if TYPE_CHECKING:\n    import subject', 'type-only certain'],
    [
      'if TYPE_CHECKING:\n    import subject\ntry:\n    import subject\nexcept ImportError:\n    pass',
      'optional certain',
    ],
    ['try:\n    import subject\nexcept ImportError:\n    pass\nimport subject', 'used certain'],
  ])('%j', async (text, expected) => {
    expect(
      await verdict({ files: { 'app.py': text }, declared: ['subject'], graph: { subject: {} } }),
    ).toBe(expected);
  });

  it('finds the modules that the wheel lists, whatever the distribution is called', async () => {
    const graph = {
      pillow: { modules: ['PIL'] },
      'python-dateutil': { modules: ['dateutil'] },
      pil: { modules: ['other'] },
    };
    const files = { 'app.py': 'from PIL import Image\nimport dateutil.parser' };
    expect(
      await verdicts({ files, declared: ['pillow', 'python-dateutil', 'pil'], graph }),
    ).toEqual({
      pillow: 'used certain',
      'python-dateutil': 'used certain',
      pil: 'unused certain',
    });
  });

  it('does not count what a script with requirements of its own imports', async () => {
    const block = '# /// script\n# dependencies = ["subject"]\n# ///\n';
    const tool = { 'tools/run.py': `${block}import subject\n` };
    const files = { ...PLAIN.files, ...tool };
    // The block names it: no ground to be certain.
    expect(await verdict({ files, graph: { subject: {} } })).toMatch(/^unused /);
  });

  it('does not count what the project answers itself', async () => {
    expect(
      await verdict({
        files: { 'app.py': 'import flask, subject', 'subject/__init__.py': '' },
        graph: { subject: {} },
      }),
    ).toMatch(/^unused/);
  });

  it('shows the places, at most five', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 9 }, (_, index) => [`m${index}.py`, '\nimport subject']),
    );
    const evidence = await evidenceOf(
      { files, declared: ['subject'], graph: { subject: {} } },
      'subject',
    );
    expect(evidence).toHaveLength(5);
    expect(evidence[0]).toBe('m0.py:2 import subject');
  });
});

describe('use without an import', () => {
  it('takes commands of the product', async () => {
    const graph = { subject: { scripts: ['run-it'], modules: ['subject_server'] } };
    expect(
      await verdict({ files: { ...PLAIN.files, Dockerfile: 'CMD ["run-it", "app:app"]' }, graph }),
    ).toBe('used certain');
    expect(await verdict({ files: { ...PLAIN.files, Procfile: 'web: run-it app' }, graph })).toBe(
      'used certain',
    );
    expect(await verdict({ files: { ...PLAIN.files, 'start.sh': 'exec run-it app' }, graph })).toBe(
      'used certain',
    );
    expect(
      await verdict({
        files: { ...PLAIN.files, 'k8s.yaml': 'command: ["python", "-m", "subject_server"]' },
        graph,
      }),
    ).toBe('used certain');
    expect(
      await verdict({
        files: { ...PLAIN.files, 'x.py': 'import subprocess\nsubprocess.run(["run-it", "-x"])' },
        graph,
      }),
    ).toBe('used certain');
  });

  it('does not take the module of a distribution for a program of that name', async () => {
    expect(
      await verdict({
        files: { ...PLAIN.files, 'run.sh': 'subject --start' },
        graph: { subject: {} },
      }),
    ).toMatch(/^unused/);
  });

  it('takes modules that settings name', async () => {
    const files = { 'site/settings.py': 'INSTALLED_APPS = ["subject"]\nimport flask' };
    expect(await verdict({ files, graph: { subject: {} } })).toBe('used certain');
  });

  it('takes features and URLs, as likely', async () => {
    const files = {
      'app.py': 'import flask\nfrom fastapi import UploadFile\nURL = "postgresql+asyncpg://x"',
    };
    const graph = {
      fastapi: {},
      'python-multipart': { modules: ['multipart', 'python_multipart'] },
      asyncpg: {},
    };
    expect(
      await verdicts({ files, declared: ['fastapi', 'python-multipart', 'asyncpg'], graph }),
    ).toEqual({
      asyncpg: 'used likely',
      fastapi: 'used certain',
      'python-multipart': 'used likely',
    });
  });

  it('takes plugins of what is used, as possible', async () => {
    const plugin = {
      modules: ['sqlalchemy_x'],
      entryPoints: { 'sqlalchemy.dialects': ['x = sqlalchemy_x'] },
    };
    const files = { 'app.py': 'import sqlalchemy' };
    expect(
      await verdicts({
        files,
        declared: ['sqlalchemy', 'sqlalchemy-x'],
        graph: { sqlalchemy: {}, 'sqlalchemy-x': plugin },
      }),
    ).toEqual({
      sqlalchemy: 'used certain',
      'sqlalchemy-x': 'used possible',
    });
    expect(await verdict({ graph: { subject: plugin } })).toBe('unused possible');
  });

  it('calls a plugin indirect that something in use requires', async () => {
    const graph = {
      flask: { needs: ['jinja2'] },
      babel: {},
      jinja2: { entryPoints: { 'babel.extractors': ['jinja2 = jinja2.ext'] } },
    };
    const files = { 'app.py': 'import flask, babel' };
    const declared = ['flask', 'babel', 'jinja2'];
    expect((await verdicts({ files, declared, graph }))['jinja2']).toBe('indirect certain');
  });

  it.each([
    [
      'settings.py',
      'CHANNEL_LAYERS = {"default": {"BACKEND": "subject.pubsub.Layer"}}',
      'used certain',
    ],
    ['layers.py', 'make("subject.pubsub.Layer")', 'used likely'],
    ['other.py', '', 'type-only certain'],
  ])('is more than types where %s names it: %s', async (path, text, expected) => {
    const types = 'import flask\nif TYPE_CHECKING:\n    import subject.pubsub';
    const scene = {
      files: { 'app.py': types, [path]: text },
      declared: ['flask', 'subject'],
      graph: { flask: {}, subject: {} },
    };
    expect((await verdicts(scene))['subject']).toBe(expected);
  });

  it('is no option where only another of its own modules is tried in its place', async () => {
    const tried = 'import flask\ntry:\n    from subject.new import x\nexcept ImportError:\n    ';
    const of = (rest: string): ReturnType<typeof verdict> =>
      verdict({ files: { 'app.py': tried + rest }, graph: { flask: {}, subject: {} } });
    expect(await of('from subject import x')).toBe('used certain');
    expect(await of('x = None')).toBe('optional certain');
  });

  it.each([
    ['a call', 'start(sys.executable, "-m", "subject", "--clear")'],
    ['a list', 'words = [python, "-m", "subject"]'],
  ])('takes the module after -m in %s for run', async (_, text) => {
    const scene = {
      files: { 'app.py': `import flask\n${text}` },
      declared: ['flask', 'subject'],
      graph: { flask: {}, subject: {} },
    };
    expect((await verdicts(scene))['subject']).toBe('used likely');
    expect(await evidenceOf(scene, 'subject')).toEqual(['app.py:2 runs subject']);
  });

  it('takes a bundle for used where its part is imported, though others need it too', async () => {
    const scene = {
      files: { 'app.py': 'import flow.sdk\nimport provider' },
      declared: ['flow', 'provider'],
      graph: {
        flow: { modules: ['flow.x.version'], scripts: ['flow-x'], needs: ['flow-core'] },
        'flow-core': { modules: ['flow'] },
        provider: { needs: ['flow'] },
      },
    };
    expect((await verdicts(scene))['flow']).toBe('used likely');
    expect(await evidenceOf(scene, 'flow')).toEqual([
      'app.py:1 import flow.sdk of flow-core, which flow brings',
    ]);
  });

  it('takes a bundle without modules for what it brings', async () => {
    const graph = { subject: { modules: [], needs: ['inner'] }, inner: {} };
    expect(await verdict({ files: { 'app.py': 'import flask, inner' }, graph })).toBe(
      'used likely',
    );
  });
});

describe('indirect', () => {
  it('is what something used requires, at any depth', async () => {
    const graph = {
      flask: { needs: ['werkzeug'] },
      werkzeug: { needs: ['markupsafe'] },
      markupsafe: {},
    };
    const scene = { files: PLAIN.files, declared: ['flask', 'markupsafe', 'werkzeug'], graph };
    expect(await verdicts(scene)).toEqual({
      flask: 'used certain',
      markupsafe: 'indirect certain',
      werkzeug: 'indirect certain',
    });
    expect(await evidenceOf(scene, 'markupsafe')).toEqual([
      'requirements.txt:2 not imported; required by werkzeug',
    ]);
  });

  it('is not what only something unused requires', async () => {
    const graph = { subject: { needs: ['inner'] }, inner: {} };
    expect(
      await verdicts({
        files: PLAIN.files,
        declared: ['flask', 'subject', 'inner'],
        graph: { ...PLAIN.graph, ...graph },
      }),
    ).toMatchObject({
      subject: 'unused certain',
      inner: 'unused certain',
    });
  });

  it('wins over use in tests, as nothing would be saved by moving it', async () => {
    const files = { 'app.py': 'import flask', 'tests/test_x.py': 'import werkzeug' };
    expect(
      (
        await verdicts({
          files,
          declared: ['flask', 'werkzeug'],
          graph: { flask: { needs: ['werkzeug'] }, werkzeug: {} },
        })
      )['werkzeug'],
    ).toBe('indirect certain');
  });
});

describe('dev-only', () => {
  it('is what tests alone import', async () => {
    const scene = {
      files: { 'app.py': 'import flask', 'tests/test_x.py': 'import subject' },
      declared: ['flask', 'subject'],
      graph: { flask: {}, subject: {} },
    };
    expect((await verdicts(scene))['subject']).toBe('dev-only certain');
    expect(await evidenceOf(scene, 'subject')).toEqual([
      'tests/test_x.py:1 import subject in tests',
    ]);
  });

  it('is less sure for docs, examples, benchmarks and tools', async () => {
    for (const path of ['docs/conf.py', 'examples/x.py', 'benchmarks/x.py', 'setup.py'])
      expect(
        await verdict({
          files: { ...PLAIN.files, [path]: 'import subject' },
          graph: { subject: {} },
        }),
      ).toBe('dev-only likely');
  });

  it('is no library that merely offers something to setuptools', async () => {
    const entryPoints = { 'distutils.setup_keywords': ['cffi_modules = cffi.setuptools_ext:x'] };
    const graph = { setuptools: {}, cffi: { entryPoints } };
    const scene = { ...PLAIN, declared: ['flask', 'cffi'], graph: { ...PLAIN.graph, ...graph } };
    expect((await verdicts(scene))['cffi']).toBe('unused certain');
  });

  it('is a tool of development that a Makefile, CI or a table names', async () => {
    const graph = { black: { scripts: ['black'] } };
    const declared = ['flask', 'black'];
    const cases = [
      { Makefile: 'lint:\n\tblack .' },
      { '.github/workflows/ci.yml': 'run: black .' },
      { 'pyproject.toml': '[tool.black]\n' },
    ];
    for (const files of cases)
      expect(await verdict({ files: { ...PLAIN.files, ...files }, declared, graph }, 'black')).toBe(
        'dev-only certain',
      );
    expect(await verdict({ declared, graph }, 'black')).toBe('dev-only likely');
  });

  it('is not a tool that product code imports', async () => {
    expect(
      await verdict(
        {
          files: { 'app.py': 'import flask, black' },
          declared: ['flask', 'black'],
          graph: { black: {} },
        },
        'black',
      ),
    ).toBe('used certain');
  });

  it('is what only CI runs', async () => {
    const graph = { subject: { scripts: ['subject'] } };
    expect(
      await verdict({
        files: { ...PLAIN.files, '.gitlab-ci.yml': 'script:\n  - subject x\n' },
        graph,
      }),
    ).toBe('dev-only likely');
  });

  it('is what a feature of tests needs', async () => {
    const files = {
      'app.py': 'import fastapi',
      'tests/test_x.py': 'from fastapi.testclient import TestClient',
    };
    expect(
      await verdicts({ files, declared: ['fastapi', 'httpx'], graph: { fastapi: {}, httpx: {} } }),
    ).toEqual({ fastapi: 'used certain', httpx: 'dev-only likely' });
  });

  it('is a plugin of a tool that is there, and types for what is imported', async () => {
    const graph = {
      pytest: {},
      subject: { modules: ['pytest_x'], entryPoints: { pytest11: ['x = pytest_x'] } },
    };
    expect(await verdict({ graph })).toBe('dev-only possible');
    const stubs = { 'types-flask': { modules: ['flask-stubs'] } };
    expect(await verdict({ declared: ['flask', 'types-flask'], graph: stubs }, 'types-flask')).toBe(
      'dev-only possible',
    );
  });

  it('takes along what only tools require', async () => {
    const graph = { pytest: { needs: ['pluggy', 'iniconfig'] }, pluggy: {}, iniconfig: {} };
    const all = await verdicts({
      files: PLAIN.files,
      declared: ['flask', 'pytest', 'pluggy'],
      graph: { ...PLAIN.graph, ...graph },
    });
    expect(all).toMatchObject({ pytest: 'dev-only likely', pluggy: 'dev-only likely' });
  });
});

describe('unused', () => {
  it('is certain where nothing names it', async () => {
    expect(await verdict({ graph: { subject: {} } })).toBe('unused certain');
  });

  it('is likely where a use may hide', async () => {
    const graph = { subject: {} };
    expect(await verdict({ files: { 'app.py': 'import flask\nimport_module(name)' }, graph })).toBe(
      'unused likely',
    );
    expect(await verdict({ files: { 'app.py': 'import flask # not subject' }, graph })).toBe(
      'unused likely',
    );
    expect(await verdict({ files: { ...PLAIN.files, 'deploy.yaml': 'x: subject' }, graph })).toBe(
      'unused likely',
    );
    expect(
      await verdict({
        graph: { flask: { mayNeed: ['subject; sys_platform == "win32"'] }, subject: {} },
      }),
    ).toBe('unused likely');
  });

  it.each([
    ['setuptools', ['setuptools'], 'libraries import it without a word'],
    ['pyasynchat', ['asynchat'], 'it brings what left the standard library'],
    ['gunicorn', ['gunicorn'], 'people and platforms start servers'],
  ])('is possible for %s: %s %s', async (name, modules) => {
    const graph = { flask: {}, [name]: { modules } };
    const scene = { ...PLAIN, declared: ['flask', name], graph };
    expect((await verdicts(scene))[name]).toMatch(/ possible$/);
  });

  it('does not take the table of a build for a use of the product', async () => {
    const files = { ...PLAIN.files, 'pyproject.toml': '[tool.setuptools.packages.find]' };
    const scene = {
      files,
      declared: ['flask', 'setuptools'],
      graph: { flask: {}, setuptools: {} },
    };
    expect((await verdicts(scene))['setuptools']).toBe('dev-only possible');
  });

  it('is possible where the project has a package of the same name, whatever strings name', async () => {
    const files = {
      'shop/__init__.py': '',
      'shop/app.py': 'import flask, shop.cart',
      'shop/cart.py': '',
      'tests/test_cart.py': 'patch("shop.cart.Cart")',
    };
    const graph = { flask: {}, 'shop-sdk': { modules: ['shop'] } };
    const scene = { files, declared: ['flask', 'shop-sdk'], graph };
    expect((await verdicts(scene))['shop-sdk']).toBe('unused possible');
  });

  it('is possible for a program that another one may run', async () => {
    const graph = {
      flask: {},
      par2: { modules: ['par2.cli'], scripts: ['par2'], bytes: 3_000_000 },
    };
    const scene = { ...PLAIN, declared: ['flask', 'par2'], graph };
    expect((await verdicts(scene))['par2']).toBe('unused possible');
  });

  it('is certain for a library with a program beside, however large its binaries are', async () => {
    const tensors = { scripts: ['run-tensors'], bytes: 1_400_000_000, python: 30_000_000 };
    const scene = { ...PLAIN, declared: ['flask', 'tensors'], graph: { flask: {}, tensors } };
    expect((await verdicts(scene))['tensors']).toBe('unused certain');
  });

  it('is not put in doubt by the name of a folder that a wheel brings by mistake', async () => {
    const graph = { flask: {}, subject: { modules: ['subject', 'tests'] } };
    const files = { ...PLAIN.files, 'pytest.ini': '[pytest]\ntestpaths = tests' };
    expect(await verdict({ files, graph })).toBe('unused certain');
  });

  it('is told of what Python itself brings: its own comes first', async () => {
    const scene = {
      files: { 'app.py': 'import asyncio, flask' },
      declared: ['flask', 'asyncio'],
      graph: { flask: {}, asyncio: {} },
    };
    expect((await verdicts(scene))['asyncio']).toBe('unused likely');
    expect(await evidenceOf(scene, 'asyncio')).toEqual([
      'requirements.txt:2 Python 3.12 brings this itself, and its own comes first',
    ]);
  });

  it('is possible where a library in use may load it, and no row says what for', async () => {
    const optional = (marker: string): ReturnType<typeof verdict> =>
      verdict({ graph: { flask: { mayNeed: [`subject; ${marker}`] }, subject: {} } });
    expect(await optional('extra == "fast"')).toBe('unused possible');
    expect(await optional('extra == "dev"')).toBe('unused likely');
  });

  it('is likely where a row says what it is for and that is not used', async () => {
    const graph = {
      pandas: { mayNeed: ['openpyxl; extra == "excel"'] },
      openpyxl: {},
    };
    const scene = { files: { 'app.py': 'import pandas' }, declared: ['pandas', 'openpyxl'], graph };
    expect((await verdicts(scene))['openpyxl']).toBe('unused likely');
  });

  it('is certain though tests import by a computed name', async () => {
    expect(
      await verdict({
        files: { ...PLAIN.files, 'tests/x.py': 'import_module(name)' },
        graph: { subject: {} },
      }),
    ).toBe('unused certain');
  });

  it('is possible where the modules are not known', async () => {
    expect(await verdict({ graph: { subject: { modules: null } } })).toBe('unused possible');
    expect(await verdict({ graph: { subject: { modules: [] } } })).toBe('unused possible');
  });

  it('is not said where the modules are not known and an import is unexplained', async () => {
    expect(
      await verdict({
        files: { 'app.py': 'import flask, mystery' },
        graph: { subject: { modules: null } },
      }),
    ).toBe('unknown possible');
  });

  it('is cleared by a guess where the modules are not known, never accused by one', async () => {
    const files = { 'app.py': 'import flask, whisper' };
    expect(
      await verdict(
        {
          files,
          declared: ['flask', 'openai-whisper'],
          graph: { 'openai-whisper': { modules: null } },
        },
        'openai-whisper',
      ),
    ).toBe('used possible');
    const known = { subject: { modules: ['other_name'] } };
    expect(await verdict({ files: { 'app.py': 'import flask, other_name' }, graph: known })).toBe(
      'used certain',
    );
  });

  it('takes modules from another source, which clear for certain and accuse as likely', async () => {
    const otherModules = others({ modules: ['thing'] });
    const graph = { subject: { modules: null } };
    expect(await verdict({ files: { 'app.py': 'import flask, thing' }, graph, otherModules })).toBe(
      'used certain',
    );
    expect(await verdict({ graph, otherModules })).toBe('unused likely');
  });

  it('says what was looked for where the list is not that of the wheel', async () => {
    const scene = {
      files: PLAIN.files,
      declared: ['flask', 'subject'],
      graph: { flask: {}, subject: { modules: null } },
      otherModules: others({ modules: ['a', 'b', 'c', 'd'] }),
    };
    expect(await evidenceOf(scene, 'subject')).toEqual([
      'requirements.txt:2 looked for a, b, c, …, by the wheel of 0.9',
    ]);
  });

  it('does not accuse by a list that may be of another project, but lets it clear', async () => {
    const graph = { subject: { modules: null } };
    const otherModules = others({ modules: ['thing'], accuses: false });
    expect(await verdict({ graph, otherModules })).toBe('unused possible');
    expect(await verdict({ files: { 'app.py': 'import flask, thing' }, graph, otherModules })).toBe(
      'used certain',
    );
  });

  it('lets a guess clear what another list does not hold', async () => {
    const files = { 'app.py': 'import flask, subject_core' };
    const graph = { 'subject-core': { modules: null } };
    const list = [...others({ modules: ['renamed'] }).values()];
    const otherModules = new Map(list.map((one) => [invent('subject-core').name, one]));
    expect(await verdict({ files, graph, otherModules }, 'subject-core')).toBe('used possible');
  });

  it('runs the programs and plugins that another list tells', async () => {
    const graph = { subject: { modules: null } };
    const files = { ...PLAIN.files, Dockerfile: 'FROM python:3.12\nCMD ["serve-it"]\n' };
    const otherModules = others({ modules: ['thing'], scripts: ['serve-it'] });
    expect(await verdict({ files, graph, otherModules })).toBe('used certain');
    const plugin = others({ modules: ['thing'], entryPoints: { 'babel.extractors': ['x = y'] } });
    expect(await verdict({ graph, otherModules: plugin })).toBe('unused possible');
  });

  it('calls nothing dev-only for certain by another list', async () => {
    const files = { ...PLAIN.files, 'tests/test_x.py': 'import thing' };
    const graph = { subject: { modules: null } };
    expect(await verdict({ files, graph, otherModules: others({ modules: ['thing'] }) })).toBe(
      'dev-only likely',
    );
  });

  it('is not certain where it is open what something that is installed requires', async () => {
    const opaque = { ...invent('opaque'), unknownReason: 'network' as const };
    const graph = {
      roots: [],
      warnings: [],
      distributions: [invent('flask'), opaque, invent('x')],
    };
    const scan = await scanTree({ 'app.py': 'import flask, opaque' });
    const evidence = { features: [], mentions: [] };
    const input = { declared: declare(['flask', 'opaque', 'x']), scan, python: '3.12', evidence };
    const confidenceOf = (distributions: typeof graph.distributions): string | undefined =>
      judgeUsage({ ...input, graph: { ...graph, distributions } }).find(({ name }) => name === 'x')
        ?.confidence;
    expect(confidenceOf(graph.distributions)).toBe('likely');
    expect(confidenceOf([invent('flask'), invent('opaque'), invent('x')])).toBe('certain');
  });

  it('is possible where it alone brings something that is imported', async () => {
    const scene = {
      files: { 'app.py': 'import flask, inner' },
      declared: ['flask', 'subject'],
      graph: { flask: {}, subject: { needs: ['inner'] }, inner: {} },
    };
    expect((await verdicts(scene))['subject']).toBe('unused possible');
    expect(await evidenceOf(scene, 'subject')).toEqual([
      'app.py:1 import inner: only subject brings inner',
    ]);
  });

  it('is said of a library of tests that no test imports', async () => {
    expect(
      await verdict({ declared: ['flask', 'responses'], graph: { responses: {} } }, 'responses'),
    ).toBe('unused certain');
  });
});

describe('other sets', () => {
  it('judges development sets by no import', async () => {
    expect(
      await verdicts({
        files: PLAIN.files,
        declared: ['flask', 'dev: pytest-randomly', 'test: subject'],
        graph: { ...PLAIN.graph, 'pytest-randomly': {}, subject: {} },
      }),
    ).toEqual({
      flask: 'used certain',
      'pytest-randomly': 'used possible',
      subject: 'used possible',
    });
  });

  it('takes any use for an extra', async () => {
    const graph = { flask: {}, subject: {}, other: {} };
    const files = { 'app.py': 'import flask', 'examples/x.py': 'import subject' };
    expect(
      await verdicts({ files, declared: ['flask', 'extra: subject', 'extra: other'], graph }),
    ).toEqual({
      flask: 'used certain',
      other: 'unused certain',
      subject: 'used certain',
    });
  });

  it('does not judge builds and constraints', async () => {
    expect(
      await verdicts({
        files: PLAIN.files,
        declared: ['flask', 'build: setuptools', 'constraints: urllib3'],
        graph: PLAIN.graph,
      }),
    ).toEqual({ flask: 'used certain' });
  });

  it('does not accuse what is not installed for the target', async () => {
    expect(await verdict({ graph: {} })).toBe('unknown possible');
  });

  it('says why where nothing could be resolved', async () => {
    const scene = {
      files: { 'app.py': 'import flask' },
      declared: ['flask', 'subject'],
      graph: {},
    };
    expect(await verdicts(scene)).toEqual({ flask: 'used possible', subject: 'unknown possible' });
    expect(await evidenceOf(scene, 'subject')).toEqual([
      'requirements.txt:2 its modules are not known, as the requirements could not be resolved',
    ]);
  });

  it('says nothing where there is no source', async () => {
    expect(
      await verdicts({
        files: { 'requirements.txt': 'x' },
        declared: ['flask'],
        graph: PLAIN.graph,
      }),
    ).toEqual({ flask: 'unknown possible' });
  });
});

describe('judgeUsage', () => {
  it('is never certain of unused without evidence from the sources', async () => {
    const input = {
      declared: declare(['flask', 'subject']),
      graph: { roots: [], distributions: [invent('flask'), invent('subject')], warnings: [] },
      scan: await scanTree(PLAIN.files),
      python: '3.12',
    };
    expect(
      judgeUsage(input).map(({ name, verdict: said, confidence }) => [name, said, confidence]),
    ).toEqual([
      ['flask', 'used', 'certain'],
      ['subject', 'unused', 'likely'],
    ]);
    expect(questionsFor(input)).toMatchObject([
      { name: 'subject', words: ['subject'], modules: ['subject'], groups: [] },
    ]);
  });

  it('names each distribution once, in the order of the names, with the modules looked for', async () => {
    const { usages } = await judgeScene({
      files: PLAIN.files,
      declared: ['flask', 'b', 'Flask', 'a'],
      graph: { ...PLAIN.graph, a: { modules: ['x', 'y'] }, b: {} },
    });
    expect(usages.map(({ name }) => name)).toEqual(['a', 'b', 'flask']);
    expect(usages[0]?.lookedFor).toEqual(['x', 'y']);
  });
});

describe('the seed of TrackMaster', () => {
  it('finds torch and torchaudio, that hold each other, unused, and uvicorn used by the Dockerfile', async () => {
    expect(
      await verdicts({
        files: {
          'app/__init__.py': '',
          'app/main.py':
            'from fastapi import FastAPI\nimport numpy as np\nimport librosa\nimport soundfile as sf\nfrom scipy import signal\n',
          'tests/test_main.py': 'import pytest\nfrom app.main import app\n',
          Dockerfile: 'FROM python:3.11\nCMD ["uvicorn", "app.main:app"]\n',
        },
        declared: [
          'fastapi',
          'uvicorn[standard]',
          'librosa',
          'soundfile',
          'numpy',
          'scipy',
          'torch',
          'torchaudio',
          'pytest',
        ],
        graph: {
          fastapi: {},
          uvicorn: { scripts: ['uvicorn'] },
          librosa: { needs: ['numpy', 'scipy', 'soundfile'] },
          soundfile: { modules: ['_soundfile', 'soundfile'] },
          numpy: {},
          scipy: { needs: ['numpy'] },
          torch: { modules: ['functorch', 'torch', 'torchgen'], needs: ['numpy'] },
          torchaudio: { modules: ['torchaudio', 'torio'], needs: ['torch'] },
          pytest: { modules: ['_pytest', 'py', 'pytest'], scripts: ['py.test', 'pytest'] },
        },
      }),
    ).toEqual({
      fastapi: 'used certain',
      librosa: 'used certain',
      numpy: 'used certain',
      pytest: 'dev-only certain',
      scipy: 'used certain',
      soundfile: 'used certain',
      torch: 'unused certain',
      torchaudio: 'unused certain',
      uvicorn: 'used certain',
    });
  });
});

describe('the order and the places of evidence', () => {
  it('shows the code that names the driver before other code, and code before configuration', async () => {
    const scene = {
      files: {
        'alembic.yaml': 'url: postgresql+psycopg://u:p@host/x',
        'app/db.py': 'from sqlalchemy import create_engine\nx = "postgresql://u:p@host/x"',
        'app/settings.py': '\nDATABASE = "postgresql+psycopg://u:p@host/x"',
        '.vscode/settings.json': '"postgresql://u:p@host/x"',
      },
      declared: ['sqlalchemy', 'psycopg'],
      graph: { sqlalchemy: {}, psycopg: {} },
    };
    const evidence = await evidenceOf(scene, 'psycopg');
    expect(evidence[0]).toBe('app/settings.py:2 postgresql+psycopg:// needs a driver');
    expect(evidence[1]).toMatch(/^app\/db\.py:/);
    expect(evidence.at(-1)).toBe('alembic.yaml:1 postgresql+psycopg:// needs a driver');
    expect(evidence.join()).not.toContain('.vscode');
  });

  it('shows programs that code starts before those of an image, and tables last', async () => {
    const scene = {
      files: {
        Dockerfile: 'CMD subject',
        'a.toml': '[tool.subject]',
        'app/main.py': 'import subprocess\nsubprocess.run(["subject"])',
      },
      declared: ['subject'],
      graph: { subject: { scripts: ['subject'] } },
    };
    expect(await evidenceOf(scene, 'subject')).toEqual([
      'app/main.py:2 runs subject',
      'Dockerfile:1 runs subject',
      'a.toml:1 configures subject',
    ]);
  });

  it('says that code in an image imports, not that it runs', async () => {
    const scene = {
      files: {
        'app.py': 'import flask',
        Dockerfile:
          'HEALTHCHECK CMD python -c "import subject; subject.get(1)"\nCMD python -m flask',
      },
      declared: ['flask', 'subject'],
      graph: { flask: {}, subject: {} },
    };
    expect(await evidenceOf(scene, 'subject')).toEqual(['Dockerfile:1 imports subject']);
  });

  it('cites every product file that declares the name, in order', async () => {
    const scan = await scanTree({ 'app.py': 'import flask' });
    const at = (path: string, text: string): ReturnType<typeof declare> =>
      declare([text]).map(({ declared, role }) => ({
        role,
        declared: { ...declared, location: { path, line: 7, column: 1 } },
      }));
    const declared = [
      ...at('requirements-slim.txt', 'jinja2'),
      ...at('requirements-slim.txt', 'flask'),
      ...at('requirements-dev.txt', 'dev: jinja2'),
      ...at('pyproject.toml', 'jinja2'),
    ];
    const graph = {
      roots: [],
      distributions: [invent('flask', { needs: ['jinja2'] }), invent('jinja2')],
      warnings: [],
    };
    const usages = judgeUsage({ declared, graph, scan, python: '3.12' });
    const note = 'not imported; required by flask';
    expect(usages.find(({ name }) => name === 'jinja2')?.evidence).toEqual([
      { path: 'pyproject.toml', line: 7, note },
      { path: 'requirements-slim.txt', line: 7, note },
    ]);
  });
});

describe('packages of conda', () => {
  const files = {
    'app.py': 'import requests\nimport sklearn\nimport numbers_py\n',
    'tests/test_app.py': 'import pytest\n',
  };

  it('are cleared by a name, and never accused', async () => {
    const scene = {
      files,
      declared: ['requests', 'numbers-py', 'scikit-learn', 'pytest', 'black', 'cudatoolkit'],
      graph: {
        requests: { needs: ['numbers-py'] },
        'numbers-py': { conda: 'numbers-py' },
        'scikit-learn': { conda: 'scikit-learn' },
        pytest: { conda: 'pytest' },
        black: { conda: 'black' },
        cudatoolkit: { conda: 'cudatoolkit' },
      },
    };
    expect(await verdicts(scene)).toEqual({
      requests: 'used certain',
      'numbers-py': 'used possible',
      'scikit-learn': 'unknown possible',
      pytest: 'unknown possible',
      black: 'unknown possible',
      cudatoolkit: 'unknown possible',
    });
  });

  it('are unknown too where a package of pip that is used needs them', async () => {
    const scene = {
      files: { 'app.py': 'import requests\n' },
      declared: ['requests', 'idna'],
      graph: { requests: { needs: ['idna'] }, idna: { conda: 'idna' } },
    };
    expect((await verdicts(scene))['idna']).toBe('unknown possible');
  });

  it('may need anything, so that nothing beside them is surely unused', async () => {
    const scene = {
      files: { 'app.py': 'import requests\n' },
      declared: ['requests', 'openpyxl', 'pandas'],
      graph: { requests: {}, openpyxl: {}, pandas: { conda: 'pandas' } },
    };
    expect((await verdicts(scene))['openpyxl']).toBe('unused likely');
  });
});

describe('an extra', () => {
  const graph = { flask: {}, driver: {}, pool: {}, alone: {} };
  const declared = ['flask', 'extra[db]: driver', 'extra[db]: pool', 'extra[x]: alone'];

  it('is used as a whole where anything of it is', async () => {
    const files = { 'app.py': 'import flask, driver' };
    expect(await verdicts({ files, declared, graph })).toMatchObject({
      driver: 'used certain',
      pool: 'used possible',
      alone: 'unused certain',
    });
    expect(await evidenceOf({ files, declared, graph }, 'pool')).toEqual([
      'requirements.txt:3 part of db, of which driver is used',
    ]);
  });

  it('is not used by what the product declares as well', async () => {
    const files = { 'app.py': 'import flask, driver' };
    const both = [...declared, 'pool'];
    expect((await verdicts({ files, declared: both, graph }))['pool']).toBe('unused certain');
  });
});

describe('what has to stay for what it brings', () => {
  it('keeps what it needs', async () => {
    const graph = {
      core: { modules: ['core'], needs: ['auth', 'http'] },
      auth: { modules: ['auth'] },
      http: { modules: ['http_client'] },
    };
    const files = { 'app.py': 'import auth' };
    expect(await verdicts({ files, declared: ['core', 'http'], graph })).toEqual({
      core: 'unused possible',
      http: 'indirect certain',
    });
  });
});

describe('a project without product code', () => {
  const graph = { subject: {}, pytest: {} };
  const declared = ['subject'];

  it.each([
    ['examples', 'snippets/s.py'],
    ['tools', 'tools/t.py'],
    ['documentation', 'docs/d.py'],
  ])('is one of %s', async (_, path) => {
    const files = { [path]: 'import subject', 'test_x.py': '' };
    expect((await verdicts({ files, declared, graph }))['subject']).toBe('used certain');
  });

  it('is not one of tests', async () => {
    const files = { 'test_x.py': 'import subject' };
    expect((await verdicts({ files, declared, graph }))['subject']).toBe('dev-only certain');
  });
});

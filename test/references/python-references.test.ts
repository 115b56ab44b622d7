import { describe, expect, it, vi } from 'vitest';
import type { LexedTokens } from '../../src/imports/lexer/lexer.ts';
import { theLexer } from '../../src/imports/lexer/lexer.ts';
import {
  mayNameModules,
  readStringReferences,
  settingNamesOf,
} from '../../src/references/python-references.ts';

function tokensOf(text: string): LexedTokens {
  const bytes = Buffer.from(text);
  return theLexer().readTokens(bytes, bytes.length);
}

function references(text: string): readonly string[] {
  return readStringReferences(tokensOf(text)).map(
    ({ line, kind, name, module }) => `${line} ${kind} ${module === true ? `<${name}>` : name}`,
  );
}

describe('programs that code starts', () => {
  it.each([
    ['subprocess.run(["yt-dlp", "-J", url])', ['1 command yt-dlp']],
    [
      'subprocess.check_output("ffmpeg -i x | sox y", shell=True)',
      ['1 command ffmpeg', '1 command sox'],
    ],
    ['subprocess.run([sys.executable, "-m", "pip", "list"])', ['1 command <pip>']],
    ['await asyncio.create_subprocess_exec("magick", "x")', ['1 command magick']],
    ['command = [\n  "yt-dlp",\n]', ['1 command yt-dlp']],
    ['shutil.which("dot")', ['1 command dot']],
    ['session.run("python", "-m", "twine", "check")', ['1 command <twine>']],
    ['session.run("pytest", *session.posargs)', ['1 command pytest']],
    ['cmd = f"streamlit run {path}"', ['1 command streamlit']],
    ['cmd = "streamlit"', []],
    ['title = "streamlit run x"', []],
    ['os.system(command)', []],
    ['# subprocess.run(["yt-dlp"])', []],
    ['runner("yt-dlp")', []],
  ])('%j', (text, expected) => {
    expect(references(text)).toEqual(expected);
  });
});

describe('settings that name modules', () => {
  it('reads the lists of Django', () => {
    const text = [
      'INSTALLED_APPS = [',
      '    "django.contrib.admin",',
      '    "corsheaders",',
      '    # "removed_app",',
      ']',
      'MIDDLEWARE = ["whitenoise.middleware.WhiteNoiseMiddleware"]',
      'INSTALLED_APPS += ["debug_toolbar"]',
      'OTHER = "not.a.setting"',
    ].join('\n');
    expect(references(text).filter((line) => line.includes('string'))).toEqual([
      '2 string <django.contrib.admin>',
      '3 string <corsheaders>',
      '6 string <whitenoise.middleware.WhiteNoiseMiddleware>',
      '7 string <debug_toolbar>',
    ]);
  });

  it('reads dotted names in nested settings and no keys', () => {
    const text =
      'CACHES = {\n  "default": {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": url},\n}\nX = "a.b"';
    expect(references(text)).toEqual(['2 string <django_redis.cache.RedisCache>']);
  });

  it('ends with the line of a plain value', () => {
    expect(references('EMAIL_BACKEND = "anymail.backends.x"\nname = "not.this"')).toEqual([
      '1 string <anymail.backends.x>',
    ]);
  });
});

describe('mayNameModules', () => {
  it.each([
    ['shop/settings.py', [], true],
    ['shop/settings/production.py', [], true],
    ['shop/views.py', ['subprocess'], true],
    ['shop/views.py', ['django.http'], false],
  ])('%s with %j: %s', (path, modules, expected) => {
    expect(mayNameModules(path, (wanted) => modules.some((one) => wanted.has(one)))).toBe(expected);
  });
});

describe('code that code starts', () => {
  it.each(['[sys.executable, "-c", "import nltk"]', '"python -c \'import nltk\'", shell=True'])(
    '%s imports',
    (call) => {
      expect(readStringReferences(tokensOf(`subprocess.run(${call})`))).toContainEqual({
        line: 1,
        kind: 'command',
        name: 'nltk',
        module: true,
        imported: true,
      });
    },
  );
});

describe('settings of a file', () => {
  const namesIn = (path: string, text: string, ...modules: string[]): readonly string[] =>
    readStringReferences(
      tokensOf(text),
      settingNamesOf(path, (name) => modules.includes(name)),
    ).map((found) => found.name);

  it('are all constants of settings files, without keys and single words', () => {
    const text = [
      'REST_FRAMEWORK = {"DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema"}',
      'LOGGERS = {"urllib3.connectionpool": {"level": "INFO"}}',
      'ENVIRONMENT = "celery"',
    ].join('\n');
    const found = ['drf_spectacular.openapi.AutoSchema'];
    expect(namesIn('app/settings.py', text)).toEqual(found);
    expect(namesIn('app/settings/base.py', text)).toEqual(found);
    expect(namesIn('app/models.py', text)).toEqual([]);
  });

  it('are small ones of Celery and Gunicorn', () => {
    const text = [
      'app = Celery("x", include=["vendor_jobs.nightly"])',
      'app.conf.beat_scheduler = "django_celery_beat.schedulers:DatabaseScheduler"',
      'app.autodiscover_tasks(["more_jobs"])',
    ].join('\n');
    const found = ['vendor_jobs.nightly', 'django_celery_beat.schedulers', 'more_jobs'];
    expect(namesIn('app/worker.py', text, 'celery')).toEqual(found);
    expect(namesIn('app/worker.py', text, 'os')).toEqual([]);
    expect(namesIn('gunicorn.conf.py', 'worker_class = "gevent"')).toEqual(['gevent']);
  });

  it('are the classes of a logging configuration', () => {
    const text = 'dictConfig({"x": {"()": "json_log_formatter.JSONFormatter"}, "y": {"z": "a.b"}})';
    expect(namesIn('app/log.py', text)).toEqual(['json_log_formatter.JSONFormatter']);
    expect(mayNameModules('app/log.py', (wanted) => wanted.has('logging.config'))).toBe(true);
  });

  it('are the plugins of pytest', () => {
    expect(namesIn('conftest.py', 'pytest_plugins = ["pytest_x", "tests.y"]')).toEqual([
      'pytest_x',
      'tests.y',
    ]);
  });
});

describe('brackets that nobody closes', () => {
  it.each([
    ['settings', 'A_APPS=[;'],
    ['settings with modules', 'A_APPS=["a.b",'],
    ['programs', 'run((x '],
  ])('cost no more than a few looks at each token of many %s', (_, piece) => {
    const { table, findNamed } = tokensOf(piece.repeat(5000));
    const looks = vi.spyOn(table, 'mark');
    readStringReferences({ table, findNamed });
    expect(looks.mock.calls.length).toBeLessThan(20 * table.length);
  });
});

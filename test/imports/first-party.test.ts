import { describe, expect, it } from 'vitest';
import { scanTree } from './support.ts';

/** The imports of a tree that are not the project's own. */
async function foreign(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { imports } = await scanTree(files);
  return imports
    .filter(({ firstParty }) => firstParty !== true)
    .map(({ path, module }) => `${path}: ${module}`);
}

describe('first-party imports', () => {
  it('knows packages and modules at the top and in src', async () => {
    expect(
      await foreign({
        'app/__init__.py': 'import app.models, settings, shop.cart, requests',
        'settings.py': '',
        'src/shop/__init__.py': 'import shop',
        'src/shop/cart.py': 'from . import x\nfrom shop import y',
        'tests/test_x.py': 'import app, shop',
      }),
    ).toEqual(['app/__init__.py: requests']);
  });

  it('takes siblings of scripts, not of packages', async () => {
    expect(
      await foreign({
        'scripts/run.py': 'import helper, redis',
        'scripts/helper.py': '',
        'app/__init__.py': '',
        'app/tasks.py': 'import celery, redis',
        'app/celery.py': 'from celery import Celery',
      }),
    ).toEqual([
      'app/celery.py: celery',
      'app/tasks.py: celery',
      'app/tasks.py: redis',
      'scripts/run.py: redis',
    ]);
  });

  it('does not take siblings where a folder without __init__.py is used as a package', async () => {
    expect(
      await foreign({
        'main.py': 'from app.cache import x',
        'app/cache.py': 'import redis',
        'app/redis.py': '',
        'other/x.py': 'from . import y\nimport stripe',
        'other/stripe.py': '',
      }),
    ).toEqual(['app/cache.py: redis', 'other/x.py: stripe']);
  });

  it('lets a local package shadow a distribution of its name', async () => {
    expect(await foreign({ 'main.py': 'import redis', 'redis/__init__.py': '' })).toEqual([]);
  });

  it('lets a folder without modules of the name shadow nothing', async () => {
    expect(
      await foreign({
        'main.py':
          'import docker\nfrom docker import DockerClient\nimport docker.healthcheck\nfrom docker import healthcheck',
        'docker/healthcheck.py': '',
      }),
    ).toEqual(['main.py: docker', 'main.py: docker']);
  });

  it('shares a namespace with distributions', async () => {
    expect(
      await foreign({
        'google/cloud/mine/__init__.py':
          'import google.cloud.mine, google.cloud.storage\nfrom google.cloud import mine\nfrom google.cloud import storage',
      }),
    ).toEqual([
      'google/cloud/mine/__init__.py: google.cloud.storage',
      'google/cloud/mine/__init__.py: google.cloud',
    ]);
  });

  it('finds packages from any outer folder', async () => {
    expect(
      await foreign({
        'backend/app/__init__.py': '',
        'backend/app/main.py': 'import app.db',
        'backend/app/db.py': '',
      }),
    ).toEqual([]);
  });

  it('does not let a folder of another tree shadow', async () => {
    expect(
      await foreign({ 'app.py': 'import redis', 'tests/fixtures/redis/__init__.py': '' }),
    ).toEqual(['app.py: redis']);
  });

  it('takes the top for importable though it holds an __init__.py', async () => {
    expect(await foreign({ '__init__.py': '', 'main.py': 'import db', 'db.py': '' })).toEqual([]);
  });

  it('lists the names that the project offers', async () => {
    const { firstPartyModules } = await scanTree({
      'app/__init__.py': '',
      'app/x.py': '',
      'src/shop/__init__.py': '',
      'tool.py': '',
      'nb.ipynb': '{}',
    });
    expect(firstPartyModules).toEqual(['app', 'shop', 'tool']);
  });
});

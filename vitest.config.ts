import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    // No module keeps state and nothing is mocked, so a process for each file would only cost: half of the time of a run.
    isolate: false,
    coverage: { provider: 'v8', include: ['src/**'] },
  },
});

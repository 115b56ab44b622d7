/**
 * `npm run check`: every check of the project and then its tests, all of them even where one fails. The last line is
 * `N passed, N failed`: tests, and one more failure for each check that did not pass.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CHECKS = ['format:check', 'lint', 'typecheck', 'knip'];

const failedChecks = CHECKS.filter((name) => !runNpm(['run', '--silent', name]));
const tests = runTests();
const failed = failedChecks.length + tests.failed;

console.log();
for (const name of CHECKS)
  console.log(`${failedChecks.includes(name) ? 'FAILED' : 'ok    '} ${name}`);
if (tests.skipped > 0) console.log(`${tests.skipped} skipped`);
console.log(`${tests.passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && tests.passed > 0 ? 0 : 1;

function runNpm(words) {
  console.log(`\n> npm ${words.join(' ')}`);
  // npm is a script on Windows, which only a shell can start.
  const shell = process.platform === 'win32';
  return spawnSync('npm', words, { stdio: 'inherit', shell }).status === 0;
}

function runTests() {
  const folder = mkdtempSync(join(tmpdir(), 'depweight-check-'));
  const file = join(folder, 'tests.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const succeeded = runNpm(['test', '--', ...reporters]);
    return countTests(file, succeeded);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Counted from the runner's own report; a run that failed has at least one failure, whatever the report says. */
function countTests(file, succeeded) {
  let report;
  try {
    report = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    console.error(`The test run left no report: ${error.message}`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
  // A file that cannot be loaded has no tests in the report.
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  const failed = report.numFailedTests + unloaded.length;
  return {
    passed: report.numPassedTests,
    failed: succeeded ? failed : Math.max(failed, 1),
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

// One way to count for every kind of run, so that `npm test` can end with one line.
import fs from 'node:fs';

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 * @typedef {{ name: string, counts: Counts, ms: number, detail: string }} Stage
 */

/** @returns {Counts} */
export function emptyCount() {
	return { passed: 0, failed: 0, skipped: 0 };
}

/**
 * A run that is one test as a whole.
 * @param {boolean} passed
 * @returns {Counts}
 */
export function countOf(passed) {
	return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 };
}

/**
 * @param {Counts[]} all
 * @returns {Counts}
 */
export function sumCounts(all) {
	const sum = emptyCount();
	for (const counts of all) {
		sum.passed += counts.passed;
		sum.failed += counts.failed;
		sum.skipped += counts.skipped;
	}
	return sum;
}

/**
 * @param {string} file
 * @param {number} exitCode
 */
export function readVitestReport(file, exitCode) {
	return readReport(file, exitCode, (report) => ({
		passed: report.numPassedTests,
		failed: report.numFailedTests,
		skipped: report.numPendingTests + report.numTodoTests,
	}));
}

/**
 * @param {string} file
 * @param {number} exitCode
 */
export function readPlaywrightReport(file, exitCode) {
	return readReport(file, exitCode, ({ stats }) => ({
		passed: stats.expected + stats.flaky,
		failed: stats.unexpected,
		skipped: stats.skipped,
	}));
}

/**
 * A runner that ends badly without a failing test (a file that does not load, a crash, no report) is a failure, too.
 * @param {string} file
 * @param {number} exitCode
 * @param {(report: any) => Counts} read
 * @returns {Counts}
 */
function readReport(file, exitCode, read) {
	if (!fs.existsSync(file)) return countOf(false);
	const counts = read(JSON.parse(fs.readFileSync(file, 'utf8')));
	if (exitCode !== 0 && counts.failed === 0) counts.failed = 1;
	return counts;
}

/**
 * @param {Stage} stage
 * @returns {Stage}
 */
export function printStage(stage) {
	const { passed, failed, skipped } = stage.counts;
	const verdict = failed > 0 ? `FAILED ${failed}` : 'ok';
	const numbers = passed + failed + skipped > 1 ? ` (${passed} passed${skipped ? `, ${skipped} skipped` : ''})` : '';
	console.log(`${verdict.padEnd(10)} ${stage.name}${numbers}, ${(stage.ms / 1000).toFixed(1)} s`);
	if (stage.detail) console.log(stage.detail);
	return stage;
}

/** @param {Counts} counts */
export function closingLine({ passed, failed, skipped }) {
	return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

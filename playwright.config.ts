import { defineConfig } from '@playwright/test';

// One worker: every test starts an Electron of its own, and the machine may have two cores.
export default defineConfig({
	testDir: 'tests/e2e',
	timeout: 90_000,
	expect: { timeout: 10_000 },
	workers: 1,
	// Once in some fifty starts the driver hangs before the app's own code has run. A second try is listed as flaky.
	retries: 1,
	forbidOnly: Boolean(process.env['CI']),
	outputDir: 'test-results/e2e',
	reporter: 'line',
});

import { defineConfig } from 'vitest/config';
import { reactPlugin } from './build/vite-configs.mjs';

// These need the built app, a display or minutes of time; each has its own runner.
const ownRunner = ['tests/e2e/**', 'tests/tour/**', 'tests/bench/**', 'tests/sim/long/**'];

/** Servers as processes of their own, embedded stores on disk that were damaged or put back: seconds each. */
const processes = 'tests/server/processes/**/*.test.ts';
const slowOnDisk = 'tests/server/backup.test.ts';

/**
 * Server, sync and files on the embedded store, backups, sign-in and the simulation take minutes together: all of them in
 * `npm test`, their heart in `npm run check`, which is what two laptops and one server do with each other.
 */
const long = 'backups|files|server|signin|sim|sync';
const heart = [
	'tests/sync/{merge,outbox,outbox-words,page,properties,receipts,surroundings,two-devices,typed-over}.test.ts',
	'tests/sync/{version,wire-format}.test.ts',
	'tests/files/blob-folder.test.ts',
];

export default defineConfig({
	plugins: [reactPlugin()],
	test: {
		coverage: {
			provider: 'v8',
			include: ['shared/**', 'db/**', 'electron/core/**', 'server/**', 'renderer/**'],
			reporter: ['text-summary', 'html'],
		},
		testTimeout: 20_000,
		hookTimeout: 60_000,
		projects: [
			{
				extends: true,
				test: {
					name: 'node',
					environment: 'node',
					include: [`tests/!(${long})/**/*.test.ts`, ...heart],
					exclude: ownRunner,
				},
			},
			{
				extends: true,
				test: {
					name: 'embedded',
					environment: 'node',
					include: [`tests/+(${long})/**/*.test.ts`],
					exclude: [...ownRunner, ...heart, processes, slowOnDisk],
				},
			},
			{
				// What the server does, and laptops with it, once more on the other store.
				extends: true,
				test: {
					name: 'postgres',
					environment: 'node',
					include: ['tests/{server,sync}/**/*.test.ts', 'tests/files/{blob-server,reassigned}.test.ts'],
					exclude: [processes, 'tests/sync/{version,page,properties,wire-format,releases}.test.ts'],
					globalSetup: ['tests/support/postgres-run.ts'],
					setupFiles: ['tests/support/setup-postgres.ts'],
				},
			},
			{
				extends: true,
				test: { name: 'processes', environment: 'node', include: [processes, slowOnDisk], testTimeout: 120_000 },
			},
			{
				extends: true,
				test: {
					name: 'dom',
					environment: 'happy-dom',
					include: ['tests/**/*.test.tsx'],
					exclude: ownRunner,
					setupFiles: ['tests/support/setup-dom.ts'],
				},
			},
		],
	},
});

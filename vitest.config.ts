import { defineConfig } from 'vitest/config';
import { reactPlugin } from './build/vite-configs.mjs';

// These need the built app, a display or minutes of time; each has its own runner.
const ownRunner = ['tests/e2e/**', 'tests/tour/**', 'tests/bench/**', 'tests/sim/long/**'];

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
				test: { name: 'node', environment: 'node', include: ['tests/**/*.test.ts'], exclude: ownRunner },
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

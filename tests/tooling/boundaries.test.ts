import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkBoundaries } from '../../build/boundaries.mjs';
import { boundaryRules } from '../../build/boundary-rules.mjs';

/** For each rule the smallest source that breaks it, and one beside it that does not. */
const cases: Record<string, { file: string; bad: string; good: string }[]> = {
	'shared-is-pure': [
		{ file: 'shared/a.ts', bad: `import '../db/b.ts';`, good: `import './b.ts';` },
		{ file: 'shared/a.ts', bad: `import fs from 'node:fs';`, good: `import { z } from 'zod';` },
		{ file: 'shared/a.ts', bad: `import { app } from 'electron';`, good: `import type { A } from './entities/a.ts';` },
		{ file: 'shared/a.ts', bad: `import { useState } from 'react';`, good: `` },
	],
	'entities-are-data': [
		{ file: 'shared/entities/a.ts', bad: `import '../domain/b.ts';`, good: `import './define.ts';` },
	],
	'domain-is-rules': [
		{ file: 'shared/domain/a.ts', bad: `import '../contract/b.ts';`, good: `import '../entities/b.ts';` },
		{ file: 'shared/domain/x/a.ts', bad: `export { b } from '../../sync/b.ts';`, good: `import '../b.ts';` },
	],
	'contract-and-wire-are-descriptions': [
		{
			file: 'shared/contract/a.ts',
			bad: `import { rule } from '../domain/b.ts';`,
			good: `import type { Rule } from '../domain/b.ts';`,
		},
		{ file: 'shared/sync/a.ts', bad: `import { call } from '../contract/b.ts';`, good: `import '../entities/b.ts';` },
	],
	'store-knows-shared-only': [
		{ file: 'db/a.ts', bad: `import type { Core } from '../electron/core/b.ts';`, good: `import '../shared/b.ts';` },
		{ file: 'db/a.ts', bad: `import { app } from 'electron';`, good: `import fs from 'node:fs';` },
	],
	'core-has-no-electron': [
		{ file: 'electron/core/a.ts', bad: `import { app } from 'electron';`, good: `import '../../db/b.ts';` },
		{ file: 'electron/core/x/a.ts', bad: `await import('../../main/b.ts');`, good: `await import('./b.ts');` },
	],
	'core-features-are-strangers': [
		{ file: 'electron/core/issues/a.ts', bad: `import '../trips/b.ts';`, good: `import '../handler.ts';` },
	],
	'main-is-a-shell': [
		{ file: 'electron/main/a.ts', bad: `import '../../db/b.ts';`, good: `import '../../shared/b.ts';` },
		{
			file: 'electron/main/a.ts',
			bad: `import { Core } from '../core/core.ts';`,
			good: `import type { Core } from '../core/core.ts';`,
		},
	],
	'preload-is-a-bridge': [
		{
			file: 'electron/preload/a.ts',
			bad: `import fs from 'node:fs';`,
			good: `import { ipcRenderer } from 'electron';`,
		},
		{
			file: 'electron/preload/a.ts',
			bad: `import { contract } from '../../shared/contract/b.ts';`,
			good: `import type { Bridge } from '../../shared/contract/b.ts';`,
		},
	],
	'renderer-is-a-page': [
		{ file: 'renderer/app/a.tsx', bad: `import path from 'node:path';`, good: `import '../lib/b.ts';` },
		{
			file: 'renderer/app/a.tsx',
			bad: `import type { Db } from '../../db/b.ts';`,
			good: `import '../../shared/b.ts';`,
		},
		{ file: 'renderer/app/a.tsx', bad: `import { app } from 'electron';`, good: `import { useState } from 'react';` },
	],
	'features-are-strangers': [
		{ file: 'renderer/features/issues/A.tsx', bad: `import '../notes/B.tsx';`, good: `import './B.tsx';` },
	],
	'views-are-strangers': [
		{
			file: 'renderer/views/issues/A.tsx',
			bad: `import '../accounts/B.tsx';`,
			good: `import '../../features/x/B.tsx';`,
		},
	],
	'renderer-layers': [
		{ file: 'renderer/ui/A.tsx', bad: `import '../features/x/B.tsx';`, good: `import '../lib/b.ts';` },
		{ file: 'renderer/features/x/A.tsx', bad: `import '../../views/x/B.tsx';`, good: `import '../../ui/B.tsx';` },
		{ file: 'renderer/views/x/A.tsx', bad: `import '../../app/b.ts';`, good: `import '../../lib/b.ts';` },
	],
	'server-stands-alone': [
		{ file: 'server/a.ts', bad: `import '../db/b.ts';`, good: `import '../shared/sync/b.ts';` },
		{ file: 'server/a.ts', bad: `import { app } from 'electron';`, good: `import fs from 'node:fs';` },
	],
	'product-without-tools': [
		{ file: 'server/a.ts', bad: `import '../tests/support/b.ts';`, good: `import './b.ts';` },
		{ file: 'electron/main/a.ts', bad: `import '../../build/paths.mjs';`, good: `import './b.ts';` },
	],
	'domain-without-clock': [
		{ file: 'shared/domain/a.ts', bad: `export const a = Date.now();`, good: `export const a = new Date(0);` },
		{ file: 'shared/domain/a.ts', bad: `export const a = new Date();`, good: `// new Date() would look at the clock` },
	],
};

let root: string;

beforeEach(() => {
	root = fs.mkdtempSync(path.join(os.tmpdir(), 'boundaries-'));
});

afterEach(() => {
	fs.rmSync(root, { recursive: true });
});

function violationsOf(file: string, text: string): string[] {
	const target = path.join(root, file);
	fs.mkdirSync(path.dirname(target), { recursive: true });
	fs.writeFileSync(target, text);
	return checkBoundaries(root).violations.map((violation) => violation.rule);
}

describe('the boundary check', () => {
	it('has a failing example for every rule', () => {
		const names = [...boundaryRules.map((rule) => rule.name), 'domain-without-clock'];
		expect(Object.keys(cases).sort()).toEqual(names.sort());
	});

	for (const [rule, examples] of Object.entries(cases)) {
		for (const { file, bad, good } of examples) {
			it(`${rule}: refuses ${bad} in ${file}`, () => {
				expect(violationsOf(file, bad)).toContain(rule);
				expect(violationsOf(file, good)).toEqual([]);
			});
		}
	}

	it('reads imports over several lines and leaves strings alone', () => {
		expect(violationsOf('server/a.ts', `import {\n\tb,\n} from '../db/b.ts';\n`)).toEqual(['server-stands-alone']);
		expect(violationsOf('server/a.ts', 'const text = "import \'../db/b.ts\'";')).toEqual([]);
	});
});

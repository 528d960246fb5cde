import { cpSync, existsSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Mutant } from './mutant.ts';

const root = resolve(import.meta.dirname, '../..');
const parts = ['package.json', 'shared', 'db', 'electron/core', 'server', 'tests/sim'];

/**
 * A copy of the sources with a bug in them, in a folder of its own; `more`: what of the repository has to be there beside
 * the product and the simulation. Throws when the sources no longer have the place to put it.
 */
export function plant(mutant: Mutant, more: readonly string[] = []): string {
	const folder = mkdtempSync(join(tmpdir(), 'fieldbook-mutant-'));
	for (const part of [...parts, ...more]) cpSync(join(root, part), join(folder, part), { recursive: true });
	symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
	for (const { file, find, put } of mutant.patches) {
		const path = join(folder, file);
		const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
		if (text.split(find).length !== 2) throw new Error(`${mutant.name}: ${file} no longer has the place to patch.`);
		writeFileSync(
			path,
			text.replace(find, () => put),
		);
	}
	return folder;
}

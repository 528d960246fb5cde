import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { cacheDir, rootDir } from '../../build/paths.mjs';
import { runNode } from '../../build/processes.mjs';

export type StoreSize = 'small' | 'typical' | 'large';

/** What the seed is made from: a change of any of these makes old stores worthless. */
const inputs = ['build/seed.ts', 'db', 'shared/entities', 'shared/domain/sample'];

/**
 * A user-data folder with a seeded store of this size. Kept outside the checkout, because the large one takes minutes to
 * make; never to be written to by a benchmark that changes records (take `copyStore`).
 */
export async function seededStore(size: StoreSize): Promise<string> {
	const folder = path.join(cacheDir(), 'bench-stores', `${size}-${hashInputs()}`);
	const done = path.join(folder, '.done');
	if (fs.existsSync(done)) return folder;
	process.stderr.write(`Seeding the ${size} store (once) ...\n`);
	fs.rmSync(folder, { recursive: true, force: true });
	fs.mkdirSync(path.dirname(folder), { recursive: true });
	const { code, output } = await runNode(['build/seed.ts', '--size', size, '--out', folder], { output: 'capture' });
	if (code !== 0) throw new Error(`The ${size} store could not be seeded:\n${output}`);
	fs.writeFileSync(done, '');
	removeOlder(size, folder);
	return folder;
}

/** A copy in a temporary folder, for benchmarks that edit. */
export async function copyStore(size: StoreSize): Promise<{ folder: string; remove(): void }> {
	const source = await seededStore(size);
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fieldbook-bench-'));
	fs.cpSync(source, folder, { recursive: true, mode: fs.constants.COPYFILE_FICLONE });
	return { folder, remove: () => fs.rmSync(folder, { recursive: true, force: true }) };
}

function hashInputs(): string {
	const hash = createHash('sha256');
	for (const input of inputs) for (const file of filesIn(path.join(rootDir, input))) hash.update(fs.readFileSync(file));
	return hash.digest('hex').slice(0, 12);
}

function filesIn(target: string): string[] {
	if (!fs.existsSync(target)) return [];
	if (fs.statSync(target).isFile()) return [target];
	return fs
		.readdirSync(target, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => path.join(entry.parentPath, entry.name))
		.sort();
}

function removeOlder(size: StoreSize, keep: string): void {
	const parent = path.dirname(keep);
	for (const name of fs.readdirSync(parent)) {
		const other = path.join(parent, name);
		if (name.startsWith(`${size}-`) && other !== keep) fs.rmSync(other, { recursive: true, force: true });
	}
}

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSlots, saveSlots, type WorkspacePaths } from '../../electron/main/vault/vault.ts';
import { TestDesk } from '../support/vault.ts';

let folder: string;
let paths: WorkspacePaths;
const copy = () => path.join(paths.folder, 'slots.copy.json');
beforeEach(async () => {
	folder = mkdtempSync(path.join(tmpdir(), 'fieldbook-slots-'));
	const desk = new TestDesk(folder);
	await desk.create('correct horse battery');
	paths = desk.paths;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function turnBit(file: string, at: number): void {
	const bytes = readFileSync(file);
	bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
	writeFileSync(file, bytes);
}

describe('the key file and its copy', () => {
	it('say the same, and either mends the other wherever a bit of it is wrong', () => {
		const whole = readFileSync(paths.slots, 'utf8');
		const file = readSlots(paths);
		for (const damaged of [paths.slots, copy()])
			for (let at = 0; at < whole.length; at += 7) {
				turnBit(damaged, at);
				expect(readSlots(paths)).toEqual(file);
				const mended = [paths.slots, copy()].map((one) => readFileSync(one, 'utf8'));
				// A space that became another one changes nothing that is read.
				expect(mended[0]?.replaceAll(/\s/g, '')).toBe(mended[1]?.replaceAll(/\s/g, ''));
			}
	});

	it('that is newer holds: a crash between the two leaves the older copy, which is then written anew', () => {
		const before = readFileSync(copy(), 'utf8');
		const file = readSlots(paths);
		if (!file) throw new Error('There is no key file.');
		saveSlots(paths, { ...file, made: '2026-11-24T09:00:00.000Z' });
		writeFileSync(copy(), before);
		expect(readSlots(paths)?.made).toBe('2026-11-24T09:00:00.000Z');
		expect(readFileSync(copy(), 'utf8')).toBe(readFileSync(paths.slots, 'utf8'));
	});

	it('are none once the file itself was destroyed', () => {
		rmSync(paths.slots);
		expect(readSlots(paths)).toBeUndefined();
		expect(existsSync(copy())).toBe(true);
	});
});

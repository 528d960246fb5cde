import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { finishWipes, wipeWorkspace } from '../../electron/main/sign-in/wipe.ts';

let root: string;
let folder: string;

beforeEach(() => {
	root = mkdtempSync(path.join(tmpdir(), 'fieldbook-wipe-'));
	folder = path.join(root, 'workspace');
	mkdirSync(path.join(folder, 'fieldbook.db.files'), { recursive: true });
	for (const name of ['slots.json', 'slots.json.before', 'fieldbook.db', 'fieldbook.db-wal', 'fieldbook.db.files/f1'])
		writeFileSync(path.join(folder, name), `content of ${name}`);
	writeFileSync(path.join(root, 'settings.json'), '{}');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('keys and files of the workspace are gone, the look of the window stays', () => {
	wipeWorkspace(folder);
	expect(readdirSync(root)).toEqual(['settings.json']);
	wipeWorkspace(folder);
});

test('what a crash left of a wipe is finished at the next start, beside a workspace begun anew', () => {
	const gone = path.join(root, 'workspace.gone-0123456789ab');
	mkdirSync(gone);
	writeFileSync(path.join(gone, 'slots.json'), 'wrapped keys');
	writeFileSync(path.join(gone, 'fieldbook.db'), 'records');
	finishWipes(folder);
	expect(existsSync(gone)).toBe(false);
	expect(readFileSync(path.join(folder, 'slots.json'), 'utf8')).toBe('content of slots.json');
});

import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import * as Y from 'yjs';
import { createRandom, type Random } from '../sim/random.ts';
import type { Kept } from './check-workbook.ts';
import { Refused, Workbook } from './workbook.ts';

/**
 * A workbook as a process of its own, to be killed or to have its disk taken away. It says on its output what was confirmed
 * to the person, one line of JSON each, written before the next thing begins. With --steps it ends in order after so many.
 */
const { values } = parseArgs({
	options: {
		folder: { type: 'string', default: '' },
		seed: { type: 'string', default: '1' },
		steps: { type: 'string', default: '' },
		work: { type: 'string', default: 'edit,type,import,file,lock,key,backup' },
		crashAt: { type: 'string' },
		plant: { type: 'string' },
	},
});

const random = createRandom(Number(values.seed));
const run = `${values.seed}-${randomBytes(3).toString('hex')}`;
let marks = 0;
const nextMark = () => `mark-${run}-${++marks}-end`;

function say(line: object): void {
	writeSync(1, `${JSON.stringify(line)}\n`);
}

const keep = (kept: Kept) => {
	if (values.plant === 'chatty') logAndRemove(kept);
	say({ kept });
};

/** Planted: what was done stands in a file for a moment. */
function logAndRemove(kept: Kept): void {
	const log = path.join(values.folder, 'work.log');
	writeFileSync(log, JSON.stringify(kept));
	rmSync(log);
}

type Step = (book: Workbook, random: Random) => Promise<void>;
const account_id = 'a-1';
/** Fields of an issue of this run that were not written yet, so that no edit takes another's place. */
const free: { id: string; field: string }[] = [];
const notes: string[] = [];

const steps: Record<string, Step> = {
	edit: async (book) => {
		const place = random.chance(0.6) ? free.shift() : undefined;
		const value = nextMark();
		if (place) {
			await book.call('issues.update', { id: place.id, patch: { [place.field]: value } });
			keep({ kind: 'field', entity: 'issue', ...place, value });
			return;
		}
		const { id } = await book.call('issues.create', { account_id, title: value });
		keep({ kind: 'field', entity: 'issue', id, field: 'title', value });
		free.push({ id, field: 'root_cause' }, { id, field: 'client_summary' });
	},
	type: async (book) => {
		if (notes.length === 0 || random.chance(0.1)) {
			const title = nextMark();
			const { id } = await book.call('notes.create', { account_id, parent_type: 'account', parent_id: 'a-1', title });
			keep({ kind: 'field', entity: 'note', id, field: 'title', value: title });
			notes.push(id);
			return;
		}
		const id = random.pick(notes);
		const value = nextMark();
		const { state } = await book.call('notes.get', { id });
		const doc = new Y.Doc();
		Y.applyUpdate(doc, Buffer.from(state, 'base64'));
		const before = Y.encodeStateVector(doc);
		const paragraph = new Y.XmlElement('paragraph');
		paragraph.insert(0, [new Y.XmlText(value)]);
		doc.getXmlFragment('default').insert(0, [paragraph]);
		const update = Buffer.from(Y.encodeStateAsUpdate(doc, before)).toString('base64');
		await book.call('notes.append', { id, update });
		keep({ kind: 'text', id, value });
	},
	import: async (book) => {
		const rows = 20 + random.int(60);
		const ref = nextMark();
		const line = (row: number) => `${ref}-${row};DE;10 2012 ${String(100_000 + row)}.9;Pump ${row};11.10.2012`;
		const file = path.join(values.folder, `${ref}.csv`);
		const lines = Array.from({ length: rows }, (_, row) => line(row));
		writeFileSync(file, ['Our ref;Land;Anmeldenummer;Titel;Anmeldetag', ...lines].join('\r\n'));
		const token = book.choose(ref, file);
		const { settings } = await book.call('imports.preview', { file: token, account_id });
		const { assets, batchId } = await book.call('imports.commit', { file: token, account_id, settings });
		keep({ kind: 'rows', batch: batchId, count: assets });
	},
	file: async (book) => {
		const value = nextMark();
		const data = Buffer.from(`${value} ${'x'.repeat(random.int(9000))}`).toString('base64');
		const to = { parent_type: 'account', parent_id: account_id, file_name: `${value}.txt` } as const;
		const { id } = await book.call('attachments.paste', { ...to, data });
		keep({ kind: 'file', id, value });
	},
	backup: async (book) => {
		const { name } = await book.call('backups.make', {});
		keep({ kind: 'backup', name });
	},
	restore: async (book) => {
		const { backups } = await book.call('backups.list', {});
		const name = backups.at(random.int(Math.max(1, backups.length)))?.name;
		if (name) await book.call('backups.restore', { name, keepUnsent: true });
	},
	lock: (book) => book.lockAndOpen(),
	key: (book) => book.changeKey(),
};

/** Most of what a person does is editing and typing. */
function chooseStep(names: readonly string[]): string {
	const often = names.filter((name) => name === 'edit' || name === 'type');
	return often.length > 0 && random.chance(0.85) ? random.pick(often) : random.pick(names);
}

const threads = {
	core: path.join(import.meta.dirname, 'core-thread.js'),
	rekey: path.join(import.meta.dirname, 'rekey-worker.js'),
};
const habits = {
	crashAt: values.crashAt,
	lazySync: values.plant === 'lazy-sync',
	lateCommit: values.plant === 'late-commit',
	deafCommit: values.plant === 'deaf-commit',
	noTags: values.plant === 'no-tags',
	shared: values.plant === 'shared',
	anyVersion: values.plant === 'any-version',
};
const book = new Workbook(values.folder, threads, habits);
const names = values.work.split(',');
const most = values.steps ? Number(values.steps) : Number.POSITIVE_INFINITY;
try {
	await book.open();
} catch (error) {
	say({ refused: 'open', code: error instanceof Refused ? error.code : String(error) });
	process.exit(3);
}
say({ ready: true });
for (let step = 0; step < most; step++) {
	const name = chooseStep(names);
	say({ begins: name });
	try {
		if (!book.isOpen) await book.lockAndOpen();
		await steps[name]?.(book, random);
	} catch (error) {
		if (!(error instanceof Refused)) throw error;
		say({ refused: name, code: error.code });
	}
}
await book.close();
say({ closed: true });
process.exit(0);

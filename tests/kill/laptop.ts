import { createHash } from 'node:crypto';
import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import * as Y from 'yjs';
import { type Core, createCore } from '../../electron/core/core.ts';
import { createRandom, type Random } from '../sim/random.ts';
import { TEST_KEY } from '../support/core.ts';
import { readDevice } from '../support/two-devices.ts';
import { sortKeys } from './check-store.ts';

/**
 * A laptop as a process of its own, to be killed. Edits and syncs all the time and says on its output what was confirmed
 * to the person: one line of JSON per edit, written before the next one begins. With --heal it only syncs, says what it
 * holds and ends.
 */
const { values } = parseArgs({
	options: {
		file: { type: 'string', default: '' },
		url: { type: 'string', default: '' },
		who: { type: 'string', default: 'sam' },
		seed: { type: 'string', default: '1' },
		heal: { type: 'boolean', default: false },
	},
});

/** A mark no other edit has; the parent looks for it wherever an edit may have ended. */
let marks = 0;
const nextMark = () => `${values.who}-${values.seed}-${++marks}`;

function say(line: object): void {
	writeSync(1, `${JSON.stringify(line)}\n`);
}

async function ask<T>(core: Core, method: string, input: unknown): Promise<T | undefined> {
	const result = await core.call(method, input);
	return result.ok ? (result.value as T) : undefined;
}

type Row = { id: string };
type Edit = (core: Core, random: Random) => Promise<{ mark: string; kind: string } | undefined>;

const edits: Edit[] = [
	async (core) => {
		const mark = nextMark();
		const made = await ask<Row>(core, 'issues.create', { account_id: 'a-1', title: mark });
		return made && { mark, kind: 'create' };
	},
	async (core, random) => {
		const issue = pickOf(random, await ask<Row[]>(core, 'issues.list', { limit: 40 }));
		const mark = nextMark();
		const field = random.pick(['root_cause', 'client_summary', 'title']);
		const done = issue && (await core.call('issues.update', { id: issue.id, patch: { [field]: mark } }));
		return done?.ok ? { mark, kind: 'set' } : undefined;
	},
	async (core) => {
		const place = { account_id: 'a-1', parent_type: 'account', parent_id: 'a-1' };
		const mark = nextMark();
		const made = await ask<Row>(core, 'notes.create', { ...place, title: mark });
		return made && { mark, kind: 'create' };
	},
	type,
	type,
];

async function type(core: Core, random: Random): Promise<{ mark: string; kind: string } | undefined> {
	const notes = await ask<Row[]>(core, 'notes.list', { parent_type: 'account', parent_id: 'a-1', limit: 20 });
	const note = pickOf(random, notes);
	const page = note && (await ask<{ state: string }>(core, 'notes.get', { id: note.id }));
	if (!page) return undefined;
	const doc = new Y.Doc();
	Y.applyUpdate(doc, Buffer.from(page.state, 'base64'));
	const before = Y.encodeStateVector(doc);
	const mark = nextMark();
	const paragraph = new Y.XmlElement('paragraph');
	paragraph.insert(0, [new Y.XmlText(mark)]);
	const body = doc.getXmlFragment('default');
	body.insert(random.int(body.length + 1), [paragraph]);
	const update = Buffer.from(Y.encodeStateAsUpdate(doc, before)).toString('base64');
	const done = await core.call('notes.append', { id: note.id, update });
	return done.ok ? { mark, kind: 'text' } : undefined;
}

function pickOf(random: Random, rows: Row[] | undefined): Row | undefined {
	return rows && rows.length > 0 ? random.pick(rows) : undefined;
}

async function work(core: Core): Promise<void> {
	const random = createRandom(Number(values.seed));
	void syncForEver(core);
	for (;;) {
		const done = await random.pick(edits)(core, random);
		if (done) say(done);
		await sleep(5 + random.int(40));
	}
}

async function syncForEver(core: Core): Promise<void> {
	for (;;) {
		await core.call('sync.now', {});
		await sleep(25);
	}
}

async function heal(core: Core): Promise<void> {
	const status = await ask<{ unsent: number; problem: string | null }>(core, 'sync.now', {});
	const [check] = core.store.raw.pragma('integrity_check') as { integrity_check: string }[];
	const tables = readDevice({ core });
	const hash = createHash('sha256')
		.update(JSON.stringify(sortKeys(tables)))
		.digest('hex');
	say({ healed: true, unsent: status?.unsent, problem: status?.problem, store: check?.integrity_check, hash });
	await core.close();
}

/** SIGKILL by its own hand at the n-th time of "point:n". */
function dieAt(place: string | undefined): (point: string) => void {
	const at = place?.lastIndexOf(':') ?? 0;
	let left = Number(place?.slice(at + 1));
	return (point) => {
		if (point !== place?.slice(0, at)) return;
		left -= 1;
		if (left === 0) process.kill(process.pid, 'SIGKILL');
	};
}

const core = await createCore({
	file: values.file,
	keyHex: TEST_KEY,
	deviceName: values.who,
	appVersion: '0.0.0-test',
	sample: false,
	userId: `u-${values.who}`,
	server: { url: values.url, token: `dev-${values.who}` },
	autoSync: false,
	crashPoint: dieAt(process.env.FIELDBOOK_CRASH_AT),
});
say({ ready: true });
await (values.heal ? heal(core) : work(core));

import fs from 'node:fs';
import path from 'node:path';
import { BlobFolder } from '../../electron/core/files/blob-folder.ts';
import { blobKeys } from '../../electron/core/files/blob-format.ts';
import type { Transport } from '../../electron/core/sync/reaching/transport.ts';
import { readSlotFile, SlotError } from '../../electron/main/vault/slots.ts';
import { contract } from '../../shared/contract/contract.ts';
import { CoreError } from '../../shared/contract/errors.ts';
import { makeZip } from '../importing/make-workbook.ts';
import { createRandom, type Random } from '../sim/random.ts';
import { removeFolder, temporaryFolder } from '../support/app.ts';
import { addAccount, startCore, TEST_KEY, type TestCore } from '../support/core.ts';
import { TestDesk } from '../support/vault.ts';
import { mutateBytes, mutateValue, wildValue } from './mutate.ts';
import type { Options, Result } from './result.ts';

interface Sum {
	tried: Record<string, number>;
	found: string[];
}

/** Planted: what a page sends is not looked at. Answers what takes it out again. */
function trustPages(): () => void {
	const inputs = Object.values(contract).map(({ input }) => ({ input, safeParse: input.safeParse }));
	for (const { input } of inputs) Object.assign(input, { safeParse: (data: unknown) => ({ success: true, data }) });
	return () => {
		for (const { input, safeParse } of inputs) Object.assign(input, { safeParse });
	};
}

/**
 * Random and mutated input at every door: calls from a page, answers of the office, files to import, sealed files, the key
 * file. Each is taken or refused in so many words; nothing crashes, no prototype changes, and the store stays whole.
 */
export async function run({ long, quick, seed, plant }: Options): Promise<Result> {
	const times = long ? 100 : quick ? 0.3 : 1;
	const random = createRandom(seed);
	const sum: Sum = { tried: {}, found: [] };
	const before = prototypes();
	const uncaught = (error: unknown) => sum.found.push(`unhandled: ${String(error)}`);
	process.on('uncaughtException', uncaught).on('unhandledRejection', uncaught);
	try {
		await fuzzCalls(sum, random, { calls: 6000 * times, plant });
		await fuzzOffice(sum, random, 1000 * times);
		await fuzzImports(sum, random, 600 * times);
		await fuzzSealed(sum, random, 1200 * times);
		await fuzzSlots(sum, random, 1200 * times);
		if (prototypes() !== before) sum.found.push('a prototype was changed');
	} finally {
		process.off('uncaughtException', uncaught).off('unhandledRejection', uncaught);
	}
	return {
		name: 'fuzz',
		ok: sum.found.length === 0,
		tried: Object.values(sum.tried).reduce((all, one) => all + one, 0),
		lost: sum.found.length,
		doors: sum.tried,
		examples: [...new Set(sum.found)].slice(0, 8),
	};
}

function prototypes(): string {
	return [Object.prototype, Array.prototype, String.prototype].map((one) => Reflect.ownKeys(one).map(String)).join();
}

function count(sum: Sum, door: string): void {
	sum.tried[door] = (sum.tried[door] ?? 0) + 1;
}

/** What would take minutes or ends the workbook is fuzzed with input that is refused before it begins. */
const SLOW = /^(export\.|backups\.(make|restore)|sync\.|files\.now|session\.|outbox\.sendAlone)/;

async function fuzzCalls(sum: Sum, random: Random, { calls, plant }: { calls: number; plant: boolean }): Promise<void> {
	let distrust = () => {};
	const test = await startCore();
	try {
		await addAccount(test);
		const ids = await seedRecords(test);
		if (plant) distrust = trustPages();
		const names = Object.keys(contract).filter((name) => !SLOW.test(name));
		for (let call = 0; call < calls; call++) {
			const name = random.chance(0.02) ? random.pick(['__proto__', 'constructor', 'issues', '']) : random.pick(names);
			const method = Object.hasOwn(contract, name) ? contract[name as keyof typeof contract] : undefined;
			const input = method && random.chance(0.8) ? shaped(method.input, ids, random) : wildValue(random);
			const result = await test.core.call(name, random.chance(0.3) ? mutateValue(input, random) : input);
			count(sum, 'calls');
			if (!result.ok && result.error.code === 'internal')
				sum.found.push(`${name}: ${result.error.message.slice(0, 120)} ${JSON.stringify(input)?.slice(0, 160)}`);
		}
		checkWhole(sum, test, 'calls');
	} finally {
		distrust();
		await test.stop();
	}
}

async function seedRecords(test: TestCore): Promise<string[]> {
	const ids = ['a-1', 'u-sam'];
	const place = { account_id: 'a-1', parent_type: 'account', parent_id: 'a-1' };
	for (let round = 0; round < 5; round++) {
		ids.push((await test.ok('issues.create', { account_id: 'a-1', title: `Issue ${round}` })).id);
		ids.push((await test.ok('notes.create', { ...place, title: `Note ${round}` })).id);
	}
	return ids;
}

/** An input of the method's own shape: its keys, with values that fit about every second time. */
function shaped(schema: unknown, ids: readonly string[], random: Random): unknown {
	const keys = Object.keys((schema as { shape?: object }).shape ?? {});
	return Object.fromEntries(
		keys
			.filter(() => random.chance(0.9))
			.map((key) => [key, random.chance(0.7) ? fitting(key, ids, random) : wildValue(random)]),
	);
}

function fitting(key: string, ids: readonly string[], random: Random): unknown {
	if (key === 'patch')
		return { [random.pick(['title', 'root_cause', 'priority', 'status', '__proto__', 'purpose'])]: wildValue(random) };
	if (/^(limit|offset|group)$/.test(key)) return random.int(50);
	if (key === 'parent_type') return random.pick(['account', 'visit', 'issue']);
	if (key === 'entity') return random.pick(['issue', 'note', 'account', 'visit', 'task']);
	if (/id$/i.test(key)) return random.pick(ids);
	if (key === 'update' || key === 'data')
		return Buffer.from(mutateBytes(Buffer.alloc(random.int(60)), random)).toString('base64');
	if (/text|title|name|purpose|place/.test(key))
		return random.pick(['Fee query', '"', "'; --", 'a OR b*', 'NEAR(', '%_', '\u0000', '💥'.repeat(9)]);
	return wildValue(random);
}

function checkWhole(sum: Sum, { core, folder }: TestCore, door: string): void {
	const { raw } = core.store;
	const check = raw.pragma('integrity_check', { simple: true });
	if (check !== 'ok') sum.found.push(`${door}: the store is damaged: ${String(check)}`);
	if ((raw.pragma('foreign_key_check') as unknown[]).length > 0) sum.found.push(`${door}: a reference leads nowhere`);
	for (const name of fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
		const file = path.join(folder, name);
		if (fs.statSync(file).isFile() && fs.readFileSync(file).includes('Halden Pharma'))
			sum.found.push(`${door}: ${name} is in clear`);
	}
}

const HELLO = {
	...{
		serverEpoch: 'e-1',
		protocol: 1,
		schema: 2,
		now: '2026-11-24T08:00:00.000Z',
		user: { id: 'u-sam', name: 'Ada Lind' },
	},
	...{ lastGroup: 0, nonce: 'n', directive: 'ok', features: ['scope', 'digest'] },
};

function pullLines(random: Random): object[] {
	const at = '2026-11-23T08:00:00.000Z';
	const row = (t: string, id: string, v: object) => ({
		seq: 1 + random.int(99),
		t,
		id,
		v,
		fv: '',
		created_at: at,
		by: null,
		del: null,
	});
	return [
		{ scope: 'enter', account: 'a-9', seq: 1 },
		row('account', 'a-9', { account_no: 'S-9', name: 'Nordwind AG (fictional)' }),
		row('issue', `i-${random.int(9)}`, { account_id: 'a-9', title: 'From the office', status: 'OPEN' }),
		row('note', `n-${random.int(9)}`, { account_id: 'a-9', parent_type: 'account', parent_id: 'a-9' }),
		{ seq: 5, t: 'note', id: 'n-1', y: 'AAA=', field: 'body', by: null, hlc: '1970' },
		{ seq: 6, t: 'issue', id: 'i-2', gone: true },
		{ end: true, cursor: `c-${random.int(9)}`, more: random.chance(0.3), n: 6 },
	];
}

/** An office that answers whatever comes into its mind; the laptop's own unsent edits stay. */
async function fuzzOffice(sum: Sum, random: Random, rounds: number): Promise<void> {
	const said = (what: unknown) => JSON.stringify(random.chance(0.5) ? mutateValue(what, random) : what) ?? 'null';
	const answer = (place: string): string => {
		if (place.startsWith('/v1/sync/hello')) return random.chance(0.2) ? said(HELLO) : JSON.stringify(HELLO);
		if (place.startsWith('/v1/sync/push')) return said({ ackedThrough: 0, nonce: 'n', seq: 1, results: [] });
		const page = pullLines(random).map((line) => (random.chance(0.2) ? said(line) : JSON.stringify(line)));
		return `${page.join('\n')}\n`;
	};
	const transport: Transport = {
		request: async (place, { onText }) => {
			let text = answer(place);
			if (random.chance(0.1)) text = mutateBytes(Buffer.from(text), random).toString('utf8');
			onText?.(text);
			return { text: onText ? '' : text, epoch: 'e-1', up: 10, down: text.length };
		},
	};
	const test = await startCore({ transport });
	try {
		await addAccount(test);
		const { id } = await test.ok('issues.create', { account_id: 'a-1', title: 'Mine, unsent' });
		for (let round = 0; round < rounds; round++) {
			const result = await test.core.call('sync.now', {});
			count(sum, 'office');
			if (!result.ok && result.error.code === 'internal')
				sum.found.push(`office: ${result.error.message.slice(0, 160)}`);
		}
		const title = test.core.store.raw.prepare('SELECT title FROM issue WHERE id = ?').pluck().get(id);
		if (title !== 'Mine, unsent') sum.found.push('office: an unsent edit is gone');
		checkWhole(sum, test, 'office');
	} finally {
		await test.stop();
	}
}

const CSV =
	'Our ref;Land;Anmeldenummer;Titel;Anmeldetag;Amtsgebühr (EUR)\r\nR-1;DE;10 2012 019 863.9;Flügel;11.10.2012;1.060,00\r\nR-2;EP;15150367.9;"Pum;pe";07.01.2015;=1+1\r\n';
const SHEET = `<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Our ref</t></is></c><c r="B1" t="inlineStr"><is><t>Country</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>R-1</t></is></c><c r="B2"><v>44000</v></c></row></sheetData></worksheet>`;

function workbookParts(random: Random): Record<string, string | Buffer> {
	const parts = {
		'[Content_Types].xml': '<Types/>',
		'xl/workbook.xml': '<workbook><sheets><sheet name="One" sheetId="1" r:id="rId1"/></sheets></workbook>',
		'xl/_rels/workbook.xml.rels':
			'<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>',
		'xl/worksheets/sheet1.xml': SHEET,
	};
	return Object.fromEntries(
		Object.entries(parts).map(([name, text]) => [
			name,
			random.chance(0.3) ? mutateBytes(Buffer.from(text), random) : text,
		]),
	);
}

async function fuzzImports(sum: Sum, random: Random, files: number): Promise<void> {
	const test = await startCore();
	try {
		await addAccount(test);
		for (let turn = 0; turn < files; turn++) {
			const isZip = random.chance(0.5);
			const whole = isZip ? makeZip(workbookParts(random)) : Buffer.from(CSV, random.chance(0.5) ? 'utf8' : 'latin1');
			const file = path.join(test.folder, `f${turn}.${isZip ? 'xlsx' : 'csv'}`);
			fs.writeFileSync(file, random.chance(0.6) ? mutateBytes(whole, random) : whole);
			test.core.registerFile(`t${turn}`, file);
			await importOne(sum, test, { token: `t${turn}`, name: `${isZip ? 'xlsx' : 'csv'} ${turn}`, random });
			fs.rmSync(file);
		}
		checkWhole(sum, test, 'imports');
	} finally {
		await test.stop();
	}
}

async function importOne(
	sum: Sum,
	{ core }: TestCore,
	{ token, name, random }: { token: string; name: string; random: Random },
) {
	const input = { file: token, account_id: 'a-1' };
	const preview = await core.call('imports.preview', input);
	count(sum, 'imports');
	const said = [preview];
	if (preview.ok) {
		const { settings } = preview.value as { settings: object };
		said.push(
			await core.call('imports.commit', {
				...input,
				settings: random.chance(0.2) ? mutateValue(settings, random) : settings,
			}),
		);
	}
	for (const result of said)
		if (!result.ok && result.error.code === 'internal')
			sum.found.push(`import of ${name}: ${result.error.message.slice(0, 160)}`);
}

async function fuzzSealed(sum: Sum, random: Random, files: number): Promise<void> {
	const folder = temporaryFolder('fuzz');
	const keys = () => blobKeys(Buffer.from(TEST_KEY, 'hex'));
	try {
		const blobs = new BlobFolder(folder, keys());
		const plain = Buffer.alloc(150_000, 'words of a client ');
		const taken = await blobs.take(
			(async function* () {
				yield plain;
			})(),
		);
		await taken.keep();
		const name = fs
			.readdirSync(folder, { recursive: true, encoding: 'utf8' })
			.find((one) => fs.statSync(path.join(folder, one)).isFile());
		const file = path.join(folder, name ?? '');
		const whole = fs.readFileSync(file);
		for (let turn = 0; turn < files; turn++) {
			const changed = mutateBytes(whole, random);
			fs.writeFileSync(file, changed);
			count(sum, 'sealed files');
			const found = await readSealed(blobs, taken.sha256);
			if (found instanceof Error && !(found instanceof CoreError)) sum.found.push(`sealed file: ${found.message}`);
			if (Buffer.isBuffer(found) && !found.equals(plain)) sum.found.push('sealed file: other bytes were given out');
		}
	} finally {
		removeFolder(folder);
	}
}

async function readSealed(blobs: BlobFolder, sha256: string): Promise<Buffer | Error> {
	try {
		const reader = await blobs.open(sha256);
		try {
			const pieces: Buffer[] = [];
			for await (const piece of reader.stream()) pieces.push(Buffer.from(piece));
			return Buffer.concat(pieces);
		} finally {
			await reader.close();
		}
	} catch (error) {
		return error instanceof Error ? error : new Error(String(error));
	}
}

async function fuzzSlots(sum: Sum, random: Random, files: number): Promise<void> {
	const folder = temporaryFolder('fuzz');
	try {
		const desk = new TestDesk(folder);
		await desk.create('correct horse battery');
		const text = fs.readFileSync(desk.paths.slots);
		for (let turn = 0; turn < files; turn++) {
			const changed = random.chance(0.5)
				? JSON.stringify(mutateValue(JSON.parse(text.toString('utf8')), random))
				: mutateBytes(text, random).toString('utf8');
			count(sum, 'key file');
			try {
				readSlotFile(changed ?? '');
			} catch (error) {
				if (!(error instanceof SlotError)) sum.found.push(`key file: ${String(error)}`);
			}
		}
	} finally {
		removeFolder(folder);
	}
}

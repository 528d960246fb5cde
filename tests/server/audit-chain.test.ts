import fs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { noteAuditEnd, readAuditEnds } from '../../server/security/audit-ends.ts';
import { type FoundLine, findBadLine, verifyAudit } from '../../server/security/verify-audit.ts';
import { chain, hashLine } from '../../server/store/audit-chain.ts';
import type { HistoryRow } from '../../server/store/tables.ts';
import { SyncPair } from '../support/sync-pair.ts';

/** The same numbers each time, from 0 up to but not including `below`. */
function chance(seed: number): (below: number) => number {
	let state = seed;
	return (below) => {
		state = (state * 48_271) % 2_147_483_647;
		return state % below;
	};
}

function written(n: number): HistoryRow {
	return {
		seq: Math.floor(n / 3) + 1,
		ord: n % 3,
		entity: 'issue',
		row_id: `i-${n % 7}`,
		field: 'title',
		before: JSON.stringify(`Before ${n}`),
		value: JSON.stringify(`After ${n}`),
		version: `v${n}`,
		base: n % 2 ? `b${n}` : null,
		by_user: `u-${n % 4}`,
		device: 'device-a',
		device_at: '2026-11-23T20:00:00+01:00',
		server_at: '2026-11-23T19:00:01.000Z',
		outcome: 'apply',
		stands_as: null,
		conflict_id: null,
	};
}

describe('1,000 hands in the audit', () => {
	const LENGTH = 60;
	const lines: FoundLine[] = chain(
		{ lines: 0, hash: '' },
		Array.from({ length: LENGTH }, (_, n) => written(n)),
	);
	const end = { lines: LENGTH, hash: lines.at(-1)?.hash ?? '' };
	const random = chance(11);
	const at = (line: number) => lines[line - 1] as FoundLine;
	const renumbered = (list: FoundLine[]) => list.map((row, index) => ({ ...row, line: index + 1 }));

	type Tampering = () => { found: FoundLine[]; first: number };
	const kinds: Record<string, Tampering> = {
		'a value changed': () => {
			const line = 1 + random(LENGTH);
			const columns = [
				'value',
				'before',
				'by_user',
				'device_at',
				'server_at',
				'field',
				'outcome',
				'conflict_id',
			] as const;
			const changed = { ...at(line), [columns[random(columns.length)] ?? 'value']: `x${random(1e6)}` };
			return { found: lines.with(line - 1, changed), first: line };
		},
		'a hash changed': () => {
			const line = 1 + random(LENGTH);
			return { found: lines.with(line - 1, { ...at(line), hash: 'f'.repeat(64) }), first: line };
		},
		'a line changed and its own hash made anew': () => {
			const line = 1 + random(LENGTH);
			const before = line > 1 ? (at(line - 1).hash ?? '') : '';
			const changed = { ...at(line), value: `"x${random(1e6)}"` };
			const found = lines.with(line - 1, { ...changed, hash: hashLine(before, line, changed) });
			// By itself it is as it should be; what follows is not, or the end.
			return { found, first: Math.min(line + 1, LENGTH) };
		},
		'a line taken out': () => {
			const line = 1 + random(LENGTH);
			return { found: lines.filter((row) => row.line !== line), first: line };
		},
		'a line taken out and the rest numbered anew': () => {
			const line = 1 + random(LENGTH - 1);
			return { found: renumbered(lines.filter((row) => row.line !== line)), first: line };
		},
		'two lines exchanged': () => {
			const line = 1 + random(LENGTH - 1);
			const other = line + 1 + random(LENGTH - line);
			const found = lines.with(line - 1, at(other)).with(other - 1, at(line));
			return { found: renumbered(found), first: line };
		},
		'a line put in': () => {
			const line = 1 + random(LENGTH);
			const invented = { ...at(line), value: '"invented"' };
			return { found: renumbered(lines.toSpliced(line - 1, 0, invented)), first: line };
		},
		'a line twice': () => {
			const line = 1 + random(LENGTH);
			return { found: lines.toSpliced(line, 0, at(line)), first: line + 1 };
		},
		'the end cut off': () => {
			const line = 1 + random(LENGTH);
			return { found: lines.slice(0, line - 1), first: line };
		},
	};

	test('what nobody touched is whole', async () => {
		expect(await findBadLine(lines, end)).toMatchObject({ whole: true, lines: LENGTH });
		expect(await findBadLine([], { lines: 0, hash: '' })).toMatchObject({ whole: true, lines: 0 });
	});

	test('each is found at its first line', async () => {
		let tried = 0;
		for (let round = 0; round < 112; round++)
			for (const [kind, tamper] of Object.entries(kinds)) {
				const { found, first } = tamper();
				const verdict = await findBadLine(found, end);
				expect([kind, verdict]).toEqual([kind, expect.objectContaining({ whole: false, line: first })]);
				tried += 1;
			}
		expect(tried).toBe(1008);
	});

	test('a chain made anew from some line on agrees with itself, but not with what was noted outside', async () => {
		const rows = lines.map(({ line: _line, hash: _hash, ...row }) => row);
		const forged = chain({ lines: 0, hash: '' }, rows.with(29, { ...written(29), value: '"forged"' }));
		const own = { lines: LENGTH, hash: forged.at(-1)?.hash ?? '' };
		expect(await findBadLine(forged, own)).toMatchObject({ whole: true });
		const noted = [20, 50].map((line) => ({ at: '', lines: line, hash: at(line).hash ?? '' }));
		expect(await findBadLine(forged, own, noted)).toEqual({ whole: false, line: 21, until: 50, why: 'changed' });
		const cut = { lines: 40, hash: at(40).hash ?? '' };
		expect(await findBadLine(lines.slice(0, 40), cut)).toMatchObject({ whole: true });
		expect(await findBadLine(lines.slice(0, 40), cut, noted)).toEqual({ whole: false, line: 41, why: 'missing' });
	});
});

describe('in the store', () => {
	let pair: SyncPair;
	let folder: string;

	beforeEach(async () => {
		pair = await SyncPair.start();
		folder = path.join(fs.mkdtempSync(path.join(tmpdir(), 'fieldbook-audit-')), 'audit');
	});
	afterEach(async () => {
		await pair.server.stop();
		fs.rmSync(path.dirname(folder), { recursive: true, force: true });
	});

	const verdict = () => verifyAudit(pair.server.store.db);
	const line = (text: string) =>
		pair.server.store.db
			.selectFrom('field_history')
			.selectAll()
			.where(sql<string>`value::text`, '=', JSON.stringify(text))
			.executeTakeFirstOrThrow();

	/** As somebody who owns the store, and so can switch off what keeps it from being changed. */
	async function asOwner(statement: ReturnType<typeof sql>): Promise<void> {
		await pair.server.store.db.transaction().execute(async (trx) => {
			await sql`alter table field_history disable trigger field_history_append_only`.execute(trx);
			await statement.execute(trx);
			await sql`alter table field_history enable trigger field_history_append_only`.execute(trx);
		});
	}

	async function writeAll(): Promise<void> {
		for (const title of ['First', 'Second', 'Third']) await pair.sam.push([await pair.setOp(pair.sam, { title })]);
	}

	test('what pushes of two laptops at once write is one whole chain', async () => {
		const { sam, specialist } = pair;
		const ops = async (device: typeof sam, n: number) => [await pair.setOp(device, { title: `${device.short} ${n}` })];
		for (let n = 0; n < 10; n++)
			await Promise.all([sam, specialist].map(async (device) => device.push(await ops(device, n))));
		const { rows } = await sql<{ n: number; last: number }>`
			select count(*)::int as n, max(line)::int as last from field_history`.execute(pair.server.store.db);
		expect(rows[0]?.n).toBeGreaterThan(20);
		expect(rows[0]?.last).toBe(rows[0]?.n);
		expect(await verdict()).toMatchObject({ whole: true, lines: rows[0]?.n });
	});

	test('a changed, a removed, an exchanged and an invented line are named', async () => {
		await writeAll();
		const [first, second, third] = [await line('First'), await line('Second'), await line('Third')];
		await asOwner(sql`update field_history set value = '"Other"' where line = ${second.line}`);
		expect(await verdict()).toEqual({ whole: false, line: second.line, why: 'changed' });
		await asOwner(sql`update field_history set value = '"Second"' where line = ${second.line}`);
		expect(await verdict()).toMatchObject({ whole: true });

		await asOwner(sql`update field_history set line = case line when ${first.line} then ${third.line}::bigint * -1 else ${first.line} end
			where line in (${first.line}, ${third.line})`);
		await asOwner(sql`update field_history set line = -line where line < 0`);
		expect(await verdict()).toEqual({ whole: false, line: first.line, why: 'changed' });
		await asOwner(sql`update field_history set line = case hash when ${first.hash} then -1 else -2 end
			where line in (${first.line}, ${third.line})`);
		await asOwner(
			sql`update field_history set line = case line when -1 then ${first.line}::bigint else ${third.line} end where line < 0`,
		);
		expect(await verdict()).toMatchObject({ whole: true });

		await asOwner(sql`insert into field_history (seq, ord, entity, row_id, field, value, version, server_at, outcome)
			values (${second.seq}, 9, 'issue', 'i-1', 'title', '"Invented"', 'v', '', 'apply')`);
		expect(await verdict()).toMatchObject({ whole: false, why: 'added' });
		await asOwner(sql`delete from field_history where line is null`);

		await asOwner(sql`delete from field_history where line = ${third.line}`);
		expect(await verdict()).toEqual({ whole: false, line: third.line, why: 'missing' });
	});

	test('a chain that was made anew is found by the ends that were noted; a forged note is none', async () => {
		const { db } = pair.server.store;
		await writeAll();
		const place = { folder, clock: () => new Date('2026-11-24T08:00:00Z') };
		await noteAuditEnd(db, place);
		const ends = await readAuditEnds(db, folder);
		expect(await verifyAudit(db, ends)).toMatchObject({ whole: true, noted: 1 });
		expect(fs.statSync(path.join(folder, 'key.pem')).mode & 0o777).toBe(0o600);

		const last = await line('Third');
		await asOwner(sql`delete from field_history where line = ${last.line}`);
		const before = await line('Second');
		await sql`update audit_head set lines = ${before.line}, hash = ${before.hash}`.execute(db);
		expect(await verdict()).toMatchObject({ whole: true });
		expect(await verifyAudit(db, ends)).toEqual({ whole: false, line: last.line, why: 'missing' });

		const file = path.join(folder, 'ends.jsonl');
		const forged = fs.readFileSync(file, 'utf8').replace(last.hash ?? '', before.hash ?? '');
		fs.writeFileSync(file, forged);
		await expect(readAuditEnds(db, folder)).rejects.toThrow('Line 1');
	});
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedLogins } from '../../server/seed.ts';
import {
	hiddenFields,
	RIGHTS,
	type Right,
	ROLES,
	type Role,
	type ScopedEntity,
} from '../../server/sync/permissions.ts';
import { onlyRead } from '../../shared/domain/only-read.ts';
import type { Entity, Field } from '../../shared/entities/define.ts';
import { getEntity } from '../../shared/entities/registry.ts';
import { type Pulled, RawDevice } from '../support/raw-device.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const ENTITIES = Object.keys(RIGHTS) as ScopedEntity[];
/** Each person has the first of these and not the second. */
const PLACES = ['own', 'foreign'] as const;
type Place = (typeof PLACES)[number];

/** Made and deleted by the office or the server alone. */
const SERVER_MADE: readonly string[] = ['account', 'conflict', 'handover'];

test.each(ROLES)('what a laptop of a %s offers no editing of is what the server lets them only read', (role) => {
	const read = ENTITIES.filter((entity) => RIGHTS[entity][role].startsWith('read'));
	expect([...onlyRead(role, { keeps: false })].sort()).toEqual(read.sort());
});

let server: TestServer;
const devices = new Map<Role, RawDevice>();
const pulled = new Map<Role, Pulled>();

const recordId = (entity: string, place: Place) => (entity === 'account' ? place : `${entity}-${place}`);

/** Values of a whole record: every field but text documents, so that what is hidden would show. */
function valuesOf(entity: Entity, place: Place): Record<string, unknown> {
	const fields = Object.entries<Field>(entity.fields).filter(([, field]) => field.kind !== 'text-doc');
	const values = Object.fromEntries(fields.map(([name, field]) => [name, sampleOf(field)]));
	const about = { parent_type: 'issue', parent_id: 'issue-own', entity: 'issue', row_id: 'issue-own', field: 'title' };
	for (const [name, value] of Object.entries(about)) if (Object.hasOwn(values, name)) values[name] = value;
	return 'account_id' in values ? { ...values, account_id: place } : values;
}

function sampleOf(field: Field): unknown {
	switch (field.kind) {
		case 'int':
			return 1;
		case 'bool':
			return true;
		case 'date':
			return '2026-11-24';
		case 'instant':
			return '2026-11-24T09:00:00.000Z';
		case 'amount':
			return '470.00';
		case 'enum':
			return Object.keys(field.values ?? {})[0];
		case 'json':
			return { a: 1 };
		default:
			return 'x';
	}
}

beforeAll(async () => {
	const people = ROLES.map((role) => ({ t: 'app_user' as const, id: `u-${role}`, v: { name: role, role } }));
	const records = PLACES.flatMap((place) =>
		ENTITIES.map((entity) => ({ t: entity, id: recordId(entity, place), v: valuesOf(getEntity(entity), place) })),
	);
	server = await startTestServer({
		records: [...people, ...records],
		accounts: { 'u-sam': [], 'u-specialist': [], 'u-manager': [] },
	});
	const logins = ROLES.map((role) => ({ userId: `u-${role}`, token: `token-of-${role}`, accounts: ['own'] }));
	await seedLogins(
		server.store.db,
		[...logins, { userId: 'u-owner', token: 'token-of-owner', accounts: ['own', 'foreign'] }],
		new Date(),
	);
	const owner = new RawDevice(server.url, 'token-of-owner', 'ownerown');
	await owner.hello();
	const typing = (id: string) => ({ k: 'text', t: 'note', id, hlc: owner.hlc(), field: 'body', u: 'AQID' });
	await owner.push(PLACES.map((place) => typing(recordId('note', place))));
	for (const [index, role] of ROLES.entries()) {
		const device = new RawDevice(server.url, `token-of-${role}`, `role000${index}`);
		device.schema = 2;
		await device.hello();
		devices.set(role, device);
		pulled.set(role, await device.pull());
	}
});
afterAll(() => server.stop());

const isWriting = (right: Right) => right.startsWith('write');

/** What the table says an edit is answered with: nothing when it holds. */
function expected(right: Right, place: Place): string | undefined {
	if (place === 'foreign' || right === 'none') return 'no_access';
	return isWriting(right) ? undefined : 'read_only';
}

async function answerTo(role: Role, op: object): Promise<string | undefined> {
	const device = devices.get(role) as RawDevice;
	const [result] = await device.push([{ ...op, hlc: device.hlc() }], 'import');
	return result?.s === 'refused' ? result.reason : undefined;
}

/** A field that anybody who may write the record at all may write. */
function fieldToSet(entity: Entity, role: Role): string {
	if (entity.name === 'handover') return 'taken_at';
	if (entity.name === 'conflict') return 'decided_at';
	const hidden = hiddenFields(role, entity.name);
	const fields = Object.entries<Field>(entity.fields).filter(
		([name, field]) =>
			field.kind !== 'text-doc' && !['account_id', 'parent_type', 'parent_id'].includes(name) && !hidden.has(name),
	);
	return fields.at(-1)?.[0] ?? '';
}

const cases = ROLES.flatMap((role) =>
	ENTITIES.flatMap((entity) => PLACES.map((place) => [role, entity, place] as const)),
);

describe('everything the table says holds at the door', () => {
	test.each(cases)('%s reads %s of an account that is %s', (role, entity, place) => {
		const id = recordId(entity, place);
		const row = pulled.get(role)?.rows.find((line) => line.t === entity && line.id === id);
		expect(row !== undefined).toBe(place === 'own' && RIGHTS[entity][role] !== 'none');
		const texts = pulled.get(role)?.texts.filter((line) => line.t === entity && line.id === id) ?? [];
		expect(texts.length).toBe(row && entity === 'note' ? 1 : 0);
		if (!row) return;
		const isPublic = RIGHTS[entity][role].endsWith('-public');
		const fields = Object.entries<Field>(getEntity(entity).fields).filter(([, field]) => field.kind !== 'text-doc');
		const shown = fields.filter(([, field]) => !(isPublic && field.internal)).map(([name]) => name);
		expect(Object.keys(row.v).sort()).toEqual(shown.sort());
	});

	test.each(cases)('%s changes %s of an account that is %s', async (role, entity, place) => {
		const id = recordId(entity, place);
		const field = fieldToSet(getEntity(entity), role);
		const v = sampleOf((getEntity(entity).fields as Record<string, Field>)[field] as Field);
		const answer = await answerTo(role, { k: 'set', t: entity, id, f: { [field]: { v, base: null } } });
		expect(answer).toBe(expected(RIGHTS[entity][role], place));
	});

	test.each(cases)('%s makes and deletes %s in an account that is %s', async (role, entity, place) => {
		const id = `${entity}-${role}-${place}`;
		const made = await answerTo(role, { k: 'create', t: entity, id, v: valuesOf(getEntity(entity), place) });
		const right = expected(RIGHTS[entity][role], place);
		if (SERVER_MADE.includes(entity)) {
			expect(made).toBe('office_owned');
			expect(await answerTo(role, { k: 'delete', t: entity, id: recordId(entity, place), base: null })).toBe(
				'office_owned',
			);
			return;
		}
		// A whole record has fields that some do not see; they may not write those either.
		const hidden = hiddenFields(role, entity).size > 0 && right === undefined;
		expect(made).toBe(hidden ? 'read_only' : right);
		const target = made === undefined ? id : recordId(entity, place);
		expect(await answerTo(role, { k: 'delete', t: entity, id: target, base: null })).toBe(right);
	});

	test.each(cases.filter(([, entity]) => entity === 'note'))(
		'%s types into a %s of an account that is %s',
		async (role, entity, place) => {
			const answer = await answerTo(role, {
				k: 'text',
				t: entity,
				id: recordId(entity, place),
				field: 'body',
				u: 'AQID',
			});
			expect(answer).toBe(expected(RIGHTS.note[role], place));
		},
	);
});

describe('what a record is about', () => {
	test('decides too: a conflict or file about what a role does not see does not go to it', async () => {
		const about = (entity: string, field: string) => ({ ...valuesOf(getEntity('conflict'), 'own'), entity, field });
		const owner = new RawDevice(server.url, 'token-of-owner', 'ownerow2');
		await owner.hello();
		const file = (parent_type: string) => ({ ...valuesOf(getEntity('attachment'), 'own'), parent_type });
		await owner.push([
			{ k: 'create', t: 'attachment', id: 'f-note', hlc: owner.hlc(), v: file('note') },
			{ k: 'create', t: 'attachment', id: 'f-issue', hlc: owner.hlc(), v: file('issue') },
		]);
		const { seedRecords } = await import('../../server/seed.ts');
		await seedRecords(
			server.store.db,
			[
				{ t: 'conflict', id: 'c-note', v: about('note', 'title') },
				{ t: 'conflict', id: 'c-contact', v: about('contact', 'phone') },
				{ t: 'conflict', id: 'c-private', v: about('contact', 'note') },
			],
			new Date(),
		);
		const met = async (role: Role) =>
			(await (devices.get(role) as RawDevice).pull()).rows
				.map((row) => row.id)
				.filter((id) => /^[fc]-/.test(id))
				.sort();
		expect(await met('PROCESSING')).toEqual(['c-contact', 'f-issue']);
		expect(await met('SAM')).toEqual(['c-contact', 'c-note', 'c-private', 'f-issue', 'f-note']);
		const decide = (id: string) => ({ k: 'set', t: 'conflict', id, f: { choice: { v: 'mine', base: null } } });
		expect(await answerTo('MANAGER', decide('c-note'))).toBe('read_only');
		expect(await answerTo('PROCESSING', decide('c-private'))).toBe('no_access');
	});

	test('a field that a role does not see cannot be written by it, and its version does not go out', async () => {
		const op = { k: 'set', t: 'patent_asset', id: 'patent_asset-own', f: { sam_note: { v: 'x', base: null } } };
		expect(await answerTo('PROCESSING', op)).toBe('read_only');
		expect(await answerTo('SAM', { ...op, f: { sam_note: { v: 'Mine', base: null } } })).toBeUndefined();
		const device = devices.get('PROCESSING') as RawDevice;
		device.cursor = null;
		const row = (await device.pull()).rows.find(({ id }) => id === 'patent_asset-own');
		expect(JSON.stringify(row)).not.toContain('sam_note');
	});
});

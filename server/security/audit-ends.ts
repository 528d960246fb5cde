import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Tables } from '../store/tables.ts';
import type { NotedEnd } from './verify-audit.ts';

const EVERY_MS = 86_400_000;
const LOOK_MS = 3_600_000;

const noted = z.strictObject({
	at: z.iso.datetime(),
	epoch: z.string(),
	lines: z.int().nonnegative(),
	hash: z.string(),
	signature: z.string(),
});
type Noted = z.infer<typeof noted>;

export interface EndsPlace {
	/** The folder of the ends and of the key that signs them; made when it is not there. */
	folder: string;
	clock: () => Date;
	report: (error: unknown) => void;
}

/**
 * Notes each day, outside of the store and signed, where the audit's chain ends: whoever owns the store could make the
 * whole chain anew, but not so that it agrees with these. Keep copies of the file and of `key.pub.pem` elsewhere.
 */
export async function keepAuditEnds(db: Kysely<Tables>, place: EndsPlace): Promise<{ close(): void }> {
	const { clock, report } = place;
	const look = async () => {
		const last = readFile(place.folder).at(-1);
		if (last && clock().getTime() - Date.parse(last.at) < EVERY_MS) return;
		await noteAuditEnd(db, place);
	};
	await look().catch(report);
	const timer = setInterval(() => void look().catch(report), LOOK_MS).unref();
	return { close: () => clearInterval(timer) };
}

/** Notes the chain's end now. Throws what the file system or the store throws. */
export async function noteAuditEnd(db: Kysely<Tables>, { folder, clock }: Omit<EndsPlace, 'report'>): Promise<void> {
	const end = await db.selectFrom('audit_head').select(['lines', 'hash']).executeTakeFirstOrThrow();
	const { server_epoch: epoch } = await db.selectFrom('meta').select('server_epoch').executeTakeFirstOrThrow();
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	const said = { at: clock().toISOString(), epoch, lines: Number(end.lines), hash: end.hash };
	const signature = sign(null, textOf(said), ownKey(folder)).toString('base64');
	const all = [...readFile(folder), { ...said, signature }].map((one) => `${JSON.stringify(one)}\n`);
	// A file of its own that takes the place of the other: one cut short could not be read any more.
	writeFileSync(`${endsIn(folder)}.part`, all.join(''), { mode: 0o600, flush: true });
	renameSync(`${endsIn(folder)}.part`, endsIn(folder));
}

/**
 * The ends that were noted of the store's present time line; a store that was put back to a backup has begun another.
 * `keyFile` is a copy of the public key; without it, the one beside the ends. Throws a plain message when a line of the
 * file was not signed with it.
 */
export async function readAuditEnds(db: Kysely<Tables>, folder: string, keyFile?: string): Promise<NotedEnd[]> {
	const all = readFile(folder);
	if (all.length === 0) return [];
	const key = createPublicKey(readFileSync(keyFile ?? join(folder, 'key.pub.pem')));
	const forged = all.findIndex((one) => !verify(null, textOf(one), key, Buffer.from(one.signature, 'base64')));
	if (forged >= 0) throw new Error(`Line ${forged + 1} of ${endsIn(folder)} was not signed by this server.`);
	const { server_epoch } = await db.selectFrom('meta').select('server_epoch').executeTakeFirstOrThrow();
	return all.filter(({ epoch }) => epoch === server_epoch);
}

function endsIn(folder: string): string {
	return join(folder, 'ends.jsonl');
}

function readFile(folder: string): Noted[] {
	const file = endsIn(folder);
	if (!existsSync(file)) return [];
	const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
	return lines.map((line, index) => {
		const parsed = noted.safeParse(parse(line));
		if (!parsed.success) throw new Error(`Line ${index + 1} of ${file} cannot be read.`);
		return parsed.data;
	});
}

function parse(line: string): unknown {
	try {
		return JSON.parse(line) as unknown;
	} catch {
		return undefined;
	}
}

function textOf({ at, epoch, lines, hash }: Omit<Noted, 'signature'>): Buffer {
	return Buffer.from(JSON.stringify([at, epoch, lines, hash]));
}

/** Made at the first use. */
function ownKey(folder: string): KeyObject {
	const file = join(folder, 'key.pem');
	if (existsSync(file)) return createPrivateKey(readFileSync(file));
	const { privateKey, publicKey } = generateKeyPairSync('ed25519');
	writeFileSync(join(folder, 'key.pub.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
	writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx', flush: true });
	return privateKey;
}

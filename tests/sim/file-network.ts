import { FileError, type FileReply, type FileRequest } from '../../electron/core/files/file-transport.ts';
import { mayRead, roleOf } from '../../server/sync/permissions.ts';
import type { Random } from './random.ts';
import type { SimClient } from './sim-client.ts';
import type { WireReply } from './sim-server.ts';
import type { World } from './world.ts';

/** What may go wrong with one request of a file. */
export const FILE_FAULTS = [
	'file request lost',
	'file request cut',
	'file reply lost',
	'file reply cut',
	'file login page',
	'file bare 500',
] as const;
type FileFault = (typeof FILE_FAULTS)[number];

/** Brings a request of a file to the server and its answer back, as far as the network lets it. */
export async function passFile(
	world: World,
	{ client, random }: { client: SimClient; random: Random },
	request: FileRequest,
): Promise<FileReply> {
	const fault = pickFault(world, random);
	const step = `file ${request.method}`;
	if (fault) world.count(fault, step);
	world.note(`${client.setup.name} ${step}: ${fault ?? ''}`);
	if (world.allows('crash in a round') && random.chance(0.05)) {
		world.count('crash in a round', step);
		client.dieAfter(1 + random.int(12));
	}
	if (fault === 'file request lost') throw new FileError('unreachable', 'fetch failed');
	if (fault === 'file login page') throw new FileError('not_our_server', 'A login page.');
	if (fault === 'file bare 500') throw new FileError('not_our_server', 'Internal Server Error');
	const { path, method, headers = {}, body } = request;
	const cutAt = fault === 'file request cut' ? random.int((body?.length ?? 0) + 1) : undefined;
	const { token, userId } = client.setup;
	const reply = await world.server.requestBlob({ path, method, headers, token, body: arriving(body, cutAt) });
	if (reply && method === 'GET' && reply.status < 300) await checkReader(world, userId, path);
	if (!reply || cutAt !== undefined || fault === 'file reply lost') throw new FileError('unreachable', 'terminated');
	return { status: reply.status, headers: new Headers(reply.headers), body: coming(reply, { fault, random }) };
}

function pickFault(world: World, random: Random): FileFault | undefined {
	const allowed = FILE_FAULTS.filter((name) => world.allows(name));
	return allowed.length > 0 && random.chance(0.2) ? random.pick(allowed) : undefined;
}

async function* arriving(body: Uint8Array | undefined, cutAt: number | undefined): AsyncGenerator<Uint8Array> {
	if (body) yield body.subarray(0, cutAt);
	if (cutAt !== undefined) throw new Error('The connection broke.');
}

async function* coming(
	{ bytes }: WireReply,
	{ fault, random }: { fault: FileFault | undefined; random: Random },
): AsyncGenerator<Uint8Array> {
	if (fault !== 'file reply cut') {
		yield bytes;
		return;
	}
	yield bytes.subarray(0, random.int(bytes.length + 1));
	throw new FileError('unreachable', 'terminated');
}

/** Bytes go only to whom a record of that moment shows them. */
async function checkReader(world: World, userId: string, path: string): Promise<void> {
	const url = new URL(path, 'http://office.sim.test');
	const sha256 = url.pathname.split('/').at(-1) ?? '';
	const rows = await world.server.query<{ about: string | null; role: string | null }>(
		`select r.about, a.role from record r
		join assignment a on a.account_id = r.account_id and a.user_id = $1 and a.to_seq is null
		where r.entity = 'attachment' and r.deleted_at is null and r.data::text like '%' || $2 || '%'`,
		[userId, sha256],
	);
	const isTheirs = rows.some(({ about, role }) => mayRead(roleOf(role ?? ''), { entity: 'attachment', about }));
	if (!isTheirs) world.problem(`${userId} was sent the bytes of ${sha256}, which are not theirs`);
}
